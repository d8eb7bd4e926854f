"""The gate before a submit: checks that must find nothing, and the way to what they find."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.commands.findings import go_to, listed, with_findings
from tui_editor.errors import Refused
from tui_editor.state.findings import FindingFilter, FoundFilter, is_blocking

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.commands.context import Context

GATES = "gates"
"""Key of the project's settings, read here without the checks: most projects have none."""


def gates_of_stage(context: Context) -> bool:
    """Return whether checks block submitting in the task's stage."""
    said = context.state.project.settings.get(GATES)
    return isinstance(said, dict) and bool(said.get(context.state.document.status.stage))


def pass_gate(context: Context, then: Callable[[], None]) -> None:
    """Go on where the stage's checks find no error and no warning that nobody waived; else lead to the first one.

    The checks run off the event loop. The pane lists what blocks, and the next key goes through it.
    """

    def checked() -> None:
        found = context.state.findings
        assert found is not None
        if found.problem:
            raise Refused(f"the checks that must pass before a submit can't run: {found.problem}")
        blocking = [f for f in found.findings if is_blocking(f, found.blocking)]
        if not blocking:
            then()
            return
        context.loop.finding_filter = FindingFilter(shown=FoundFilter.BLOCKING, worst_first=True)
        context.front.focus_pane("findings")
        first = listed(context).findings[0]
        go_to(context, first)
        more = f", and {len(blocking) - 1} more" if len(blocking) > 1 else ""
        hint = f"{first.hint or 'the project asks for it before a submit'}; ‹finding.next› goes through them"
        raise Refused(f"not submitted: {first.rule}: {first.message}{more}", hint=hint)

    with_findings(context, checked)
