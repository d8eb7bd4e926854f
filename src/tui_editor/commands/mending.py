"""Do something about a finding: mend it, accept it with a reason, or raise it as an issue."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final

from tui_editor.commands import answering, issue_raising, moving
from tui_editor.commands.command import Command, on
from tui_editor.commands.context import IssueDraft
from tui_editor.commands.findings import GROUP, current, go_to, listed, show_after_edit, with_findings
from tui_editor.commands.issue_drafts import read_draft
from tui_editor.commands.mend_words import asked_attribute, mend_words, owner_of
from tui_editor.commands.objects import may_edit
from tui_editor.commands.permissions import may_discuss
from tui_editor.errors import Refused, UsageError
from tui_editor.model.issues import IssueKind
from tui_editor.state.findings import frames_of
from tui_editor.state.view import Mode
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tui_editor.commands.context import Context
    from tui_editor.model.ontology import AnswerValue, Attribute
    from tui_editor.model.patch import Patch
    from tui_editor.ports import Finding

_UNTIL: Final = re.compile(r"\s*\buntil (\S+)\s*$")


# --- mend ----------------------------------------------------------------------------------------------


def _mend(context: Context) -> None:
    with_findings(context, lambda: mend(context, current(context)))


def mend(context: Context, finding: Finding) -> None:
    """Do what mends a finding, as one step, and show what stands in its place then.

    Raises:
        Refused: only a person can mend it.
    """
    words = mend_words(context.state, finding)
    if not words:
        raise Refused("no key mends this by itself", hint=finding.hint or "‹geometry.edit› edits the object")
    attribute = asked_attribute(context.state, finding) if finding.fix == "answer" else None
    if attribute is not None:
        _answer(context, finding, attribute)
        return
    from tui_editor.checks.fixes import mended

    document, task, stamp = context.state.document, context.state.task, context.stamp()
    context.front.aside(lambda: mended(document, task, finding, stamp), lambda patch: _keep(context, finding, patch))


def _keep(context: Context, finding: Finding, patch: Patch) -> None:
    if not patch:
        raise Refused("nothing is left to mend here", hint=finding.hint)
    context.apply_then(patch, "finding.mend", lambda: show_after_edit(context, finding, "mended"))


def _answer(context: Context, finding: Finding, attribute: Attribute) -> None:
    """Ask for an answer that is required; of a dynamic attribute for all frames of the finding."""
    go_to(context, finding)
    owner = owner_of(context.state.document, finding)
    assert owner is not None
    frames = frames_of(finding) or (context.state.view.frame, context.state.view.frame)

    def answered(value: AnswerValue | None) -> None:
        context.apply(answering.answer_patch(context, owner, attribute, value, frames), "finding.mend")
        show_after_edit(context, finding, "answered")

    answering.ask_value(context, owner, attribute, answered)


# --- accept --------------------------------------------------------------------------------------------


def _waive(context: Context) -> None:
    with_findings(context, lambda: _waive_current(context))


def _waive_current(context: Context) -> None:
    finding, file = current(context), _settings_file(context)
    found = context.state.findings
    if found is not None and finding in found.accepted:
        from tui_editor.api.quality.settings import unwaive

        _written(context, lambda: unwaive(file, finding), finding, "taken back")
        return

    def typed(text: str) -> None:
        reason, until = read_reason(text)
        from tui_editor.api.quality.settings import waive

        person = context.store.person
        _written(context, lambda: waive(file, finding, person, reason, until), finding, "waived")

    if context.argument:
        typed(context.argument)
    else:
        hint = "why it is accepted; `until 2027-01-31` at the end sets the last day"
        context.front.ask_text(f"Waive {finding.rule}: {one_line(finding.message, 60)}", "", typed, hint=hint)


def read_reason(text: str) -> tuple[str, dt.date | None]:
    """Return the reason that was typed, and the last day where it ends with `until 2027-01-31`.

    Raises:
        UsageError: there is no reason, or no such day.
    """
    said = _UNTIL.search(text)
    until = None
    if said is not None:
        try:
            until = dt.date.fromisoformat(said[1])
        except ValueError as error:
            raise UsageError(f"{one_line(said[1])} is no date", hint="until 2027-01-31") from error
    reason = text[: said.start()].strip() if said is not None else text.strip()
    if not reason:
        raise UsageError("a waiver needs a reason", hint="say why it is accepted")
    return reason, until


def _settings_file(context: Context) -> Path:
    if context.loop.folder is None:
        raise Refused("there is no project to keep a waiver in")
    return context.loop.folder / "checks.toml"


def _written(context: Context, write: Callable[[], object], finding: Finding, done: str) -> None:
    """Change the settings of the checks off the event loop, look again, and go on."""

    def looked() -> None:
        show_after_edit(context, finding, done)

    context.front.aside(write, lambda _: with_findings(context, looked, anew=True))


# --- raise as an issue ---------------------------------------------------------------------------------


def _raise(context: Context) -> None:
    with_findings(context, lambda: _raise_current(context))


def _raise_current(context: Context) -> None:
    finding = current(context)
    go_to(context, finding)
    draft = issue_draft(context, finding)

    def asked(answer: IssueDraft) -> None:
        issue_raising.create(context, answer)
        context.front.tell(f"raised as an issue: {finding.rule}")

    if context.argument:
        asked(read_draft(_with_words(draft, context.argument)))
    else:
        context.front.ask_issue(draft, asked)


def _with_words(draft: IssueDraft, words: str) -> IssueDraft:
    from msgspec.structs import replace

    return replace(draft, text=f"{draft.text} {words}")


def issue_draft(context: Context, finding: Finding) -> IssueDraft:
    """Return an issue about what a finding is about: its object, its frames, or the file; the rule begins the text."""
    state, frames = context.state, frames_of(finding)
    if owner_of(state.document, finding) is not None:
        kind = IssueKind.LABEL
    elif frames is None or state.unit.frame_count == 1:
        kind = IssueKind.FILE
    else:
        kind = IssueKind.FRAME if frames[0] == frames[1] else IssueKind.FRAME_RANGE
    text = f"{finding.rule}: {one_line(finding.message, 300)}"
    tags = tuple(t for t in state.project.issue_tags if t.casefold() == finding.rule.casefold())
    kinds = (kind, *(k for k in issue_raising.kinds_here(context) if k is not kind))
    return IssueDraft(kind=kind, kinds=kinds, tags=tags, all_tags=state.project.issue_tags, text=text, frames=frames)


def _edit(context: Context) -> None:
    """Go to the finding's object and give the keys back to the canvas."""
    known = listed(context)
    row = known.row(context.loop.finding)
    if row is not None:
        go_to(context, known.findings[row])
    elif context.state.selected is not None:
        moving.focus(context, context.state.selected)
    context.front.focus_pane("canvas")


COMMANDS = (
    Command(
        id="finding.mend",
        title="Mend the finding",
        doc="Does what the line of the finding says: clips, fills the gap, swaps back, drops the duplicate, asks.",
        run=_mend,
        keys=on("enter", Mode.FINDINGS),
        hint="mend",
        enabled=may_edit,
        group=GROUP,
    ),
    Command(
        id="finding.jump",
        title="To the finding's object",
        doc="Shows the frame and object of the finding again, and gives the keys back to the canvas.",
        run=_edit,
        keys=on("space", Mode.FINDINGS),
        hint="go there",
        group=GROUP,
    ),
    Command(
        id="finding.waive",
        title="Waive the finding, or no longer",
        doc="Accepts the finding with a reason, `until DATE` if wanted: `check` leaves it out. Again takes it back.",
        run=_waive,
        keys=on("W", Mode.FINDINGS),
        hint="waive",
        takes="REASON",
        enabled=may_discuss,
        group=GROUP,
    ),
    Command(
        id="finding.issue",
        title="Raise the finding as an issue",
        doc="Asks for an issue about the finding's object or frames, with what was found in its text.",
        run=_raise,
        keys=on("i", Mode.FINDINGS),
        hint="issue",
        takes="TEXT",
        enabled=may_discuss,
        group=GROUP,
    ),
)
