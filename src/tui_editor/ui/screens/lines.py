"""What the bars of the editor say: where we are, whether all is kept, how far the review is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.model.workflow import StageKind
from tui_editor.state import selectors
from tui_editor.state.view import Mode
from tui_editor.ui.widgets.rows import BAD, BOLD, DIM, GOOD, PLAIN, WARN, Line, text

if TYPE_CHECKING:
    from tui_editor.commands.context import Loop
    from tui_editor.state.store import TaskState


def header_line(state: TaskState, link: str) -> tuple[Line, Line]:
    """Return the header: project, task, stage and frame on the left; durability, link and issues on the right."""
    status = state.document.status
    left = (
        (" ", PLAIN),
        text(state.project.name, DIM, 30),
        (" ▸ ", DIM),
        text(state.task.title, BOLD, 40),
        (" ▸ ", DIM),
        (f"{status.stage}/{status.state}", GOOD if status.state == "completed" else WARN),
        *_where(state),
    )
    return left, (*_durability(state), (f" {link} " if link else " ", DIM), *_issue_count(state), (" ? help ", DIM))


def _where(state: TaskState) -> Line:
    if len(state.task.units) == 1 and state.unit.frame_count <= 1:
        return ()
    unit = f"{state.unit.title} " if len(state.task.units) > 1 else ""
    return (text(f"   {unit}frame {state.view.frame}/{state.unit.frame_count - 1}", PLAIN, 60),)


def _durability(state: TaskState) -> Line:
    if state.read_only:
        return ((f"read-only: {state.read_only} ", WARN),)
    if state.durability.problem:
        return (("✗ rolled back ", BAD),)
    pending = state.durability.pending
    return ((f"● {pending} waiting ", WARN),) if pending else (("✓ kept ", GOOD),)


def _issue_count(state: TaskState) -> Line:
    count = sum(not i.resolved for i in state.document.issues.values())
    return ((f"⚑ {count} ", BAD),) if count else (("⚑ 0 ", DIM),)


def progress_line(state: TaskState, loop: Loop) -> Line:
    """Return how far the review is and how fast; while annotating, what the mode is."""
    mode = f" {state.mode.value.upper()} "
    in_review = state.project.stage_kind(state.document.status) in {StageKind.REVIEW, StageKind.CONSENSUS_REVIEW}
    if state.mode is Mode.REASON:
        return (*_reasons(state), (mode, WARN))
    if not in_review:
        return ((mode, BOLD),)
    tally = selectors.tally(state)
    pieces = [
        (f"{tally.done}/{tally.total}", BOLD),
        (" · ", DIM),
        (f"{tally.rejected} rejected", BAD if tally.rejected else DIM),
    ]
    if loop.decided:
        each = loop.seconds / loop.decided
        left = each * (tally.total - tally.done)
        pieces += [(f" · {each:.1f} s/obj · {_duration(left)} left", DIM)]
    return (*pieces, (mode, BOLD))


def _reasons(state: TaskState) -> Line:
    pieces = []
    for number, reason in enumerate(state.project.reasons[:9], start=1):
        pieces += [(f" {number}", WARN), text(f" {reason}", PLAIN, 20)]
    return tuple(pieces)


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"~{seconds:.0f} s"
    return f"~{seconds / 60:.0f} min" if seconds < 5400 else f"~{seconds / 3600:.1f} h"
