"""What `tui-editor check` does: finds out what is checked, lets the checks run, and reports."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tui_editor.api.addresses import is_address
from tui_editor.api.quality.accepted import Accepted, load_baseline, save_baseline
from tui_editor.api.quality.settings import FILE, Settings, load_settings, waive
from tui_editor.cli.findings import Counted
from tui_editor.cli.output import counted, note
from tui_editor.cli.reports.report import About, report
from tui_editor.errors import ExitCode, FormatUnknown, InputError, UsageError
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from tui_editor.api.activities import Recording
    from tui_editor.api.checking import Together
    from tui_editor.api.project import Project
    from tui_editor.checks.runner import Plan
    from tui_editor.ports import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class _Subject:
    """What is checked: a project, or data sets."""

    project: Project | None
    paths: tuple[Path, ...] = ()

    @property
    def folder(self) -> Path:
        """Return where `checks.toml` is looked for."""
        if self.project is not None:
            return self.project.folder
        return self.paths[0] if self.paths[0].is_dir() else self.paths[0].parent

    @property
    def title(self) -> str:
        """Return what the report is about."""
        return self.project.info.name if self.project is not None else ", ".join(p.name for p in self.paths)


def check(arguments: argparse.Namespace) -> int:
    """Check, report, and return the exit code."""
    from tui_editor.ui import collector

    collector.work()
    _refuse_what_cannot_be(arguments)
    with ExitStack() as stack:
        subject = _subject(arguments, stack)
        _spare(subject, arguments.output, arguments.write_baseline)
        settings = load_settings(arguments.config or subject.folder)
        plan = settings.plan(
            rules_of(arguments.select), rules_of(arguments.ignore), pixels=arguments.pixels is not False
        )
        found = _Found(subject, arguments, plan)
        if arguments.write_baseline is not None:
            return _write_baseline(arguments.write_baseline, list(found))
        if arguments.waive:
            return _waive(arguments, subject, found)
        return _report(arguments, subject, settings, plan, found)


def _report(arguments: argparse.Namespace, subject: _Subject, settings: Settings, plan: Plan, found: _Found) -> int:
    baseline = load_baseline(arguments.baseline) if arguments.baseline is not None else {}
    accepted = Accepted(baseline, settings.waivers)
    findings: Iterator[Finding] = accepted.through(found)
    if arguments.fix:
        assert subject.project is not None  # others are refused
        findings = without_mended(subject.project, findings)
    passing = Counted(findings)
    about = About(
        title=subject.title,
        rules=tuple(plan.rules()),
        keeps_ids=subject.project is not None,
        crop=_crops(subject, arguments.read_as),
    )
    with _recorded(subject, arguments) as recording:
        with _opened(arguments.output) as target:
            for piece in report(arguments.format)(passing, about):
                target.write(piece)
        extra = accepted.summary()
        recording.outcome = passing.summary() + (f" ({extra})" if extra else "")
    note(recording.outcome)
    for waiver in accepted.ended:
        note(f"a waiver of {waiver.rule} by {waiver.author} has ended: {waiver.reason}")
    for sentence in settings.unknown_classes(found.classes) if not found.nothing_read else ():
        note(f"warning: {sentence}")
    if found.nothing_read:
        return ExitCode.BAD_INPUT
    return ExitCode.FINDINGS if passing.any_from(arguments.fail_on) else ExitCode.OK


def _recorded(subject: _Subject, arguments: argparse.Namespace) -> AbstractContextManager[Recording]:
    """Keep in the store of a project that it is checked; a data set has none."""
    from tui_editor.api.activities import Recording, recorded

    if subject.project is None:
        return nullcontext(Recording())
    rules = rules_of(arguments.select)
    what = f"only {', '.join(rules)}" if rules else "all rules"
    return recorded(subject.project, "check and mend" if arguments.fix else "check", what)


class _Found:
    """The findings in all that is checked; a file that can't be read is a finding.

    `nothing_read` tells afterwards whether no file could be read at all.
    """

    def __init__(self, subject: _Subject, arguments: argparse.Namespace, plan: Plan) -> None:
        self._subject, self._arguments, self._plan = subject, arguments, plan
        self.nothing_read = False
        self.classes: set[str] = set()
        """Those that the settings speak of and the data have, in small letters; complete when all was gone through."""

    def __iter__(self) -> Iterator[Finding]:
        arguments, project = self._arguments, self._subject.project
        if project is not None:
            self.classes |= self._plan.declared.classes_in(project.info.ontology)
            yield from of_project(project, arguments, self._plan)
            return
        from tui_editor.api.checking import Together

        failed = 0
        together = Together(self._plan) if len(self._subject.paths) > 1 else None
        for path in self._subject.paths:
            try:
                yield from _of_data(path, arguments, self._plan, together=together, classes=self.classes)
            except InputError as error:
                failed += 1
                yield self._plan.judged(_unreadable(path, error))
        if together is not None:
            yield from together.concluded()
        self.nothing_read = failed == len(self._subject.paths)


def of_project(project: Project, arguments: argparse.Namespace, plan: Plan) -> Iterator[Finding]:
    """Yield what the options ask for of a project: its checks, a conversion, a comparison."""
    from tui_editor.api.checking import run_checks
    from tui_editor.api.quality.conversion import conversion_findings

    yield from run_checks(project, plan=plan, deep=arguments.deep, jobs=arguments.jobs, since_ms=arguments.since)
    if arguments.target:
        yield from conversion_findings(project, arguments.target, allow_lossy=arguments.allow_lossy)
    if arguments.against is not None:
        yield from _against(project.folder, arguments, plan)


def _against(path: Path, arguments: argparse.Namespace, plan: Plan) -> Iterator[Finding]:
    from tui_editor.api.quality.reference import reference_findings

    yield from reference_findings(arguments.against, path, plan, annotators=arguments.annotators)


def _of_data(
    path: Path, arguments: argparse.Namespace, plan: Plan, *, together: Together | None, classes: set[str]
) -> Iterator[Finding]:
    from tui_editor.api.checking import check_data

    yield from check_data(
        path,
        plan=plan,
        format_name=arguments.read_as,
        deep=arguments.deep,
        pixels=arguments.pixels,
        jobs=arguments.jobs,
        together=together,
        classes=classes,
    )
    if arguments.target:
        yield from _converted(path, arguments)
    if arguments.against is not None:
        yield from _against(path, arguments, plan)


def _converted(path: Path, arguments: argparse.Namespace) -> Iterator[Finding]:
    from tempfile import TemporaryDirectory

    from tui_editor.api.project import create_project
    from tui_editor.api.quality.conversion import conversion_findings

    with TemporaryDirectory(prefix="tui-editor-") as folder, create_project(Path(folder), path.name) as project:
        project.import_data(path, arguments.read_as)
        yield from conversion_findings(project, arguments.target, allow_lossy=arguments.allow_lossy)


def _unreadable(path: Path, error: InputError) -> Finding:
    from tui_editor.api.quality.inputs import unreadable

    return unreadable(path, error)


# --- what is checked ------------------------------------------------------------------------------


def _subject(arguments: argparse.Namespace, stack: ExitStack) -> _Subject:
    """Return what the paths name: a project, its own or one made earlier for them, or data sets that are only read.

    Raises:
        FormatUnknown: there is no such file.
        UsageError: what is asked needs a project.
    """
    from tui_editor.cli import places

    texts: list[str] = arguments.path
    paths = [Path(text) for text in texts if not is_address(text)]
    for path in paths:
        if not path.exists():
            raise FormatUnknown("there is no such file or folder", where=one_line(str(path)))
    if len(texts) <= 1 and (not paths or places.has_project(paths[0])):
        one = argparse.Namespace(**{**vars(arguments), "path": texts[0] if texts else ""})
        return _Subject(project=stack.enter_context(places.opened(one, keep=False)).project)
    if len(paths) < len(texts):
        raise UsageError("an address is checked by itself", hint="name data sets, or one project")
    if arguments.fix or arguments.since:
        raise UsageError(
            "only a project is mended and has a journal", hint="import the data set first: `tui-editor import`"
        )
    return _Subject(project=None, paths=tuple(paths))


def _refuse_what_cannot_be(arguments: argparse.Namespace) -> None:
    """Look at what is named beside the data, before anything is read.

    Raises:
        FormatUnknown: there is no such format, or no such reference.
        UsageError: options mean nothing without another one.
    """
    from tui_editor.formats.registry import registry

    if arguments.target:
        registry().get(arguments.target)
    if arguments.against is not None and not arguments.against.exists():
        raise FormatUnknown("there is no such file or folder", where=one_line(str(arguments.against)))
    if (arguments.reason or arguments.until) and not arguments.waive:
        raise UsageError("--reason and --until are of a waiver", hint="--waive KEY: `--format json` tells the keys")


def _spare(subject: _Subject, *targets: Path | None) -> None:
    """Refuse to write over what is checked, which may be read while the report is written.

    Raises:
        UsageError: it was asked for.
    """
    for target in targets:
        if target is not None and target.exists() and any(target.samefile(path) for path in subject.paths):
            raise UsageError(f"{one_line(target.name)} is what is checked", hint="name another file for the report")


def rules_of(text: str) -> tuple[str, ...]:
    """Return the rules or beginnings of rules in a list with commas.

    Raises:
        UsageError: no rule begins so.
    """
    from tui_editor.checks.registry import checks

    wanted = tuple(part.strip().upper() for part in text.split(",") if part.strip())
    known = [check.rule for check in checks()]
    for part in wanted:
        if not any(rule.startswith(part) for rule in known):
            raise UsageError(f"there is no rule {one_line(part)}", hint=f"rules: {', '.join(known)}")
    return wanted


def _crops(subject: _Subject, format_name: str):  # type: ignore[no-untyped-def]  # a function, as `About.crop`
    from tui_editor.api.quality import crops

    project = subject.project
    if project is not None:
        return lambda finding: crops.crop_of_project(project, finding)
    roots: list[Path] = []

    def crop(finding: Finding) -> bytes | None:
        if not roots:
            roots.extend(_roots(subject.paths, format_name))
        return next((c for root in roots if (c := crops.crop_of_file(root, finding)) is not None), None)

    return crop


def _roots(paths: tuple[Path, ...], format_name: str) -> Iterator[Path]:
    from tui_editor.formats.registry import choose
    from tui_editor.ports import ImportOptions

    for path in paths:
        try:
            yield choose(path, format_name).read(path, ImportOptions()).root_dir
        except InputError:
            yield path.parent


@contextmanager
def _opened(path: Path | None) -> Iterator[TextIO]:
    if path is None:
        yield sys.stdout
        return
    try:
        with path.open("w", encoding="utf-8") as file:
            yield file
    except OSError as error:
        raise UsageError("the report can't be written", where=one_line(str(path))) from error


# --- what is accepted and mended ------------------------------------------------------------------


def without_mended(project: Project, findings: Iterator[Finding]) -> Iterator[Finding]:
    """Mend what is safe, tell it, and return the findings that are left."""
    from tui_editor.api.quality.fixing import fix_all

    found = list(findings)
    mended = fix_all(project, found)
    if mended:
        note(f"{counted(len(mended), 'finding')} mended; `tui-editor undo` takes them back task by task")
    gone = set(map(id, mended))
    return (finding for finding in found if id(finding) not in gone)


def _write_baseline(file: Path, findings: list[Finding]) -> int:
    save_baseline(file, findings)
    note(f"{counted(len(findings), 'finding')} in {one_line(str(file))}")
    return ExitCode.OK


def _waive(arguments: argparse.Namespace, subject: _Subject, found: _Found) -> int:
    from tui_editor.api.person import current_person

    if not arguments.reason:
        raise UsageError("a waiver needs a reason", hint="--reason 'why it is accepted'")
    finding = next((f for f in found if f.key == arguments.waive), None)
    if finding is None:
        raise UsageError("nothing of that key is found", hint="`tui-editor check --format json` tells the keys")
    file = arguments.config or subject.folder / FILE
    author = subject.project.person if subject.project is not None else current_person()
    waive(file, finding, author, arguments.reason, _day(arguments.until))
    note(f"waived in {one_line(str(file))}: {finding.message}")
    return ExitCode.OK


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UsageError(f"{one_line(text)} is no date", hint="--until 2027-01-31") from error
