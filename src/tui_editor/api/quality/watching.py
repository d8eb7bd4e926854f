"""What the checks say of a task that is open: kept up with its edits, without what somebody waived."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from tui_editor.errors import InputError
from tui_editor.ports import Severity
from tui_editor.state.findings import MOST_LISTED, Accepted, Found, in_place, spot
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from tui_editor.api.quality.settings import Settings, Waiver
    from tui_editor.checks.live import LiveChecks
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.project import Project, Task
    from tui_editor.ports import Finding

_NEVER_READ: Final = (-1, -1)
_WITH_STORE: Final = frozenset({"S08", "S09", "W02", "W06"})
"""Rules that look at the journal, the lock or what an import lost: not all that they find is found here."""


class TaskChecks:
    """Checks an open task again and again: after an edit only what that touched. Used by one thread at a time.

    Args:
        task: Which one.
        project: Its ontology, workflow and settings.
        folder: Where `checks.toml` lies; None: there is none, and nothing can be waived.
        rules: Those that run, or their beginnings; all that need neither pixels nor other tasks when empty.
        carried: Findings of a check that was run over the project, of rules that don't run here.
        known: Keys of findings that a baseline leaves out.
    """

    def __init__(
        self,
        task: Task,
        project: Project,
        folder: Path | None = None,
        *,
        rules: Sequence[str] = (),
        carried: Sequence[Finding] = (),
        known: frozenset[str] = frozenset(),
    ) -> None:
        self._task, self._given, self._project, self._folder = task, project, project, folder
        self._rules, self._carried, self._known = tuple(rules), tuple(carried), known
        self._live: LiveChecks | None = None
        self._titles: Mapping[str, str] = {}
        self._waivers: Mapping[str, Sequence[Waiver]] = {}
        self._read = _NEVER_READ
        self._problem = ""

    def are_of(self, task: Task, project: Project) -> bool:
        """Return whether these are the checks of a task by the settings of a project."""
        return self._task is task and self._given is project

    def look(self, document: LabelDocument) -> Found:
        """Return what is found in a document."""
        self._read_settings()
        if self._live is None:
            return Found(document=document, problem=self._problem)
        try:
            seen = self._live.update(document)
        except Exception as error:  # noqa: BLE001 - a plug-in's rule may fail in any way
            self._live, self._read = None, _NEVER_READ
            return Found(document=document, problem=one_line(f"a check failed: {error!r}", 200))
        return self._told(document, (*seen, *self._carried_beside(seen, self._live.rules)))

    def _carried_beside(self, seen: Sequence[Finding], ran: frozenset[str]) -> Iterator[Finding]:
        known = {spot(finding) for finding in seen} if self._carried else set()
        for finding in self._carried:
            if finding.rule not in ran or (finding.rule in _WITH_STORE and spot(finding) not in known):
                yield finding

    def _told(self, document: LabelDocument, seen: Sequence[Finding]) -> Found:
        from tui_editor.checks.gates import gates_of

        today = dt.datetime.now(dt.UTC).date()
        left, waived, accepted = [], [], {}
        for finding in seen:
            if self._known and finding.key in self._known:
                continue
            waiver = next((w for w in self._waivers.get(finding.rule, ()) if w.holds(finding, today)), None)
            if waiver is None:
                left.append(finding)
                continue
            waived.append(finding)
            until = waiver.expires.isoformat() if waiver.expires is not None else ""
            accepted[finding] = Accepted(author=waiver.author, reason=waiver.reason, until=until)
        counts = Counter(f.severity for f in left)
        return Found(
            document=document,
            findings=in_place(_worst(left), self._task),
            waived=in_place(_worst(waived), self._task),
            accepted=accepted,
            titles=self._titles,
            blocking=gates_of(self._project).get(document.status.stage, ()),
            counts=(counts[Severity.ERROR], counts[Severity.WARNING], counts[Severity.INFO]),
        )

    def _read_settings(self) -> None:
        """Read `checks.toml` where it is another one than before: thresholds begin anew, waivers don't."""
        from tui_editor.api.quality.settings import FILE, Settings, load_settings

        stamp = _NEVER_READ if self._folder is None else _stamp(self._folder / FILE)
        if self._live is not None and stamp == self._read:
            return
        try:
            said = load_settings(self._folder) if self._folder is not None else Settings()
        except InputError as error:
            self._live, self._problem = None, one_line(str(error), 200)
            return
        self._read, self._problem = stamp, ""
        self._waivers = _by_rule(said.waivers)
        self._set_rules(said)

    def _set_rules(self, said: Settings) -> None:
        from tui_editor.checks.gates import CHECKS, gates_of
        from tui_editor.checks.live import LiveChecks

        gated = [rule for rules in gates_of(self._project).values() for rule in rules]
        ignored = [rule for rule in said.ignore if not any(g.startswith(rule) for g in gated)]
        thresholds: Mapping[str, Any] = {"values": said.values, "severities": said.severities, "ignore": ignored}
        if self._live is not None and self._project.settings.get(CHECKS) == thresholds:
            return
        self._project = replace(self._project, settings={**self._project.settings, CHECKS: thresholds})
        chosen = (*self._rules, *gated) if self._rules else ((*said.select, *gated) if said.select else ())
        self._live = LiveChecks(self._task, self._project, chosen)
        self._titles = _titles()


def _worst(findings: Sequence[Finding]) -> Sequence[Finding]:
    if len(findings) <= MOST_LISTED:
        return findings
    rank = {severity: number for number, severity in enumerate(Severity)}
    return sorted(findings, key=lambda f: rank[f.severity])[:MOST_LISTED]


def _by_rule(waivers: Sequence[Waiver]) -> Mapping[str, Sequence[Waiver]]:
    found: dict[str, list[Waiver]] = {}
    for waiver in waivers:
        found.setdefault(waiver.rule, []).append(waiver)
    return found


def _titles() -> Mapping[str, str]:
    from tui_editor.checks.registry import checks

    return {check.rule: check.title for check in checks()}


def _stamp(file: Path) -> tuple[int, int]:
    """Return what changes when a file does; of one that isn't there too."""
    try:
        found = file.stat()
    except OSError:
        return (0, 0)
    return found.st_mtime_ns, found.st_size
