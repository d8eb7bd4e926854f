"""What the bars of the editor say: where we are, whether all is kept, how far the review is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from tui_editor.commands.brushes import tool_words
from tui_editor.model.workflow import StageKind
from tui_editor.state import selectors
from tui_editor.state.branch_view import BranchView
from tui_editor.state.change_words import change_words
from tui_editor.state.lock import Held
from tui_editor.state.tool import DrawTool, PathTool
from tui_editor.state.view import Mode
from tui_editor.ui.panes.attributes import AttributeRows, attribute_rows
from tui_editor.ui.widgets.rows import BAD, BOLD, DIM, GOOD, PLAIN, WARN, Line, doing, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.style import Style

    from tui_editor.commands.context import Loop
    from tui_editor.state.store import TaskState

WIDE_CELLS = 100
"""Below this width the header leaves out what can be seen elsewhere."""
MOST_CHANGE_CELLS = 60
"""Of what changed of an object."""
MENU_CELLS = 120
"""From this width on the header shows the menu besides."""
GAP_CELLS = 4
"""Between the two ends of the header."""
LEAST_REASON_CELLS, MOST_REASON_CELLS = 24, 72
"""Of why a window may only read."""
MOST_NAME_CELLS = 24
"""Of a class that is being drawn."""


def header_line(
    state: TaskState,
    link: str,
    width: int,
    warnings: Sequence[str] = (),
    help_keys: str = "?",
    edit_keys: str = "!",
    unread: int = 0,
) -> tuple[Line, Line]:
    """Return the header: project, task, stage and frame on the left; lock, durability, link, issues on the right.

    On a narrow screen the names get shorter and the link goes: stage, frame, lock and durability stay.

    Args:
        state: Of the task.
        link: What the last picture cost.
        width: Cells of the screen.
        warnings: What is wrong with the file of the frame that is shown.
        help_keys: What shows the keys.
        edit_keys: What brings the lock to this window.
        unread: How much of what others did was not read.
    """
    status = state.document.status
    wide = width >= WIDE_CELLS
    left = (
        (" ", PLAIN),
        *((_short(state.project.name, 24, DIM), (" ▸ ", DIM)) if wide else ()),
        _short(state.task.title, 32 if wide else 18, BOLD),
        (" ▸ ", DIM),
        (f"{status.stage}/{status.state}", GOOD if status.state == "completed" else WARN),
        *_where(state, wide=wide),
        *((_short(f" ⚠ {', '.join(warnings)}", 48 if wide else 14, WARN),) if warnings else ()),
    )
    link = f" {link} " if link and wide else " "
    roomy = wide and not state.read_only and not warnings  # why one may only read, and what is wrong, come first
    right = (
        *doing(_durability(state), "app.save"),
        (link, DIM),
        *doing(_finding_count(state), "finding.open"),
        *doing(_issue_count(state), "issue.pane"),
        *unread_words(unread),
        *doing(((("↗ share " if roomy else "↗"), DIM),), "app.copy_url"),
        *menu_words(f"{help_keys} help" if wide else help_keys, wide=roomy and width >= MENU_CELLS),
    )
    room = width - sum(cell_len(words) for words, _ in (*left, *right))
    return left, (*_lock(state, edit_keys, room if wide else 0), *right)


def unread_words(unread: int) -> Line:
    """Return the mark of notifications, with the number of those that were not read; it leads to them."""
    return doing(((f" ✉ {unread} ", WARN) if unread else (" ✉ ", DIM),), "app.notifications")


def menu_words(help_words: str, *, wide: bool) -> Line:
    """Return what leads to the menu, where there is room, and to the keys."""
    menu = doing(((" ≡ menu ", DIM),), "app.menu") if wide else ()
    return (*menu, *doing(((f" {help_words} ", DIM),), "app.help"))


def _short(value: str, cells: int, style: Style) -> tuple[str, Style]:
    """Return a name from data, cut to so many cells."""
    return shortened(value, cells), style


def _where(state: TaskState, *, wide: bool) -> Line:
    if len(state.task.units) == 1 and state.unit.frame_count <= 1:
        return ()
    unit = (_short(state.unit.title, 24, DIM), (" ", PLAIN)) if wide and len(state.task.units) > 1 else ()
    return (("  ", PLAIN), *unit, (f"frame {state.view.frame}/{state.unit.frame_count - 1} ", PLAIN))


def _lock(state: TaskState, edit_keys: str, room: int) -> Line:
    """Return whose the lock is: this window's, or why it may only read and which key changes that.

    Args:
        state: Of the task.
        edit_keys: What brings the lock here; empty: nothing does.
        room: Cells that are free in the header; 0 on a narrow screen, where the reason is left to the message line.
    """
    lock = state.lock
    if lock.held is Held.HERE and not state.read_only:
        return ((" ✎ yours " if room else " ✎ ", DIM),)
    if lock.held is Held.LOOKING and not state.read_only:
        return _looking(edit_keys, room)
    name = {Held.STALE: "stale", Held.FREE: "free"}.get(lock.held, "read-only")
    how = f" · {edit_keys} edit here " if lock.can_be_asked and edit_keys else " "
    most = max(LEAST_REASON_CELLS, min(MOST_REASON_CELLS, room - cell_len(how) - GAP_CELLS))
    said = _short(f"{name}: {state.read_only}" if room else name, most, WARN)
    return (("  ", PLAIN), said, *doing(((how, WARN),), "task.edit_here"))


def _looking(edit_keys: str, room: int) -> Line:
    """Return that nobody has the lock, in as many words as there is room for."""
    long = f" ◌ looking · {edit_keys} edit here " if edit_keys else " ◌ looking "
    said = next((words for words in (long, " ◌ looking ") if cell_len(words) <= room), " ◌ ")
    return doing(((said, DIM),), "task.edit_here")


def _durability(state: TaskState) -> Line:
    if state.read_only and not state.durability.problem:
        return ()
    if state.durability.problem:
        return (("✗ rolled back ", BAD),)
    pending = state.durability.pending
    return ((f"● {pending} waiting ", WARN),) if pending else (("✓ kept ", GOOD),)


def _issue_count(state: TaskState) -> Line:
    count = state.document.open_count
    return ((f"⚑ {count} ", BAD),) if count else (("⚑ 0 ", DIM),)


def _finding_count(state: TaskState) -> Line:
    """Return how many errors and warnings the checks found last; nothing before they ran."""
    if state.findings is None:
        return ()
    errors, warnings, _ = state.findings.counts
    if not errors and not warnings:
        return (("▲ 0 ", DIM),)
    shown = ((f"▲ {errors:,} ", BAD),) if errors else ()
    return (*shown, (f"▲ {warnings:,} ", WARN)) if warnings else shown


def progress_line(state: TaskState, loop: Loop, *, brief: bool = False) -> Line:
    """Return how far the review is and, unless brief, how fast; while annotating, what the mode is."""
    mode = f" {_mode(state)} "
    in_review = state.project.stage_kind(state.document.status) in {StageKind.REVIEW, StageKind.CONSENSUS_REVIEW}
    changed = _change(state)
    if not in_review or state.mode is Mode.REASON:
        return (*changed, (mode, BOLD))
    tally = selectors.tally(state)
    pieces = [
        *changed,
        (f"{tally.done}/{tally.total}", BOLD),
        (" · ", DIM),
        (f"{tally.rejected} rejected", BAD if tally.rejected else DIM),
    ]
    if brief:
        return (*changed, pieces[len(changed)], (mode, BOLD))
    if loop.decided:
        each = loop.seconds / loop.decided
        left = each * (tally.total - tally.done)
        pieces += [(f" · {each:.1f} s/obj · {_duration(left)} left", DIM)]
    return (*pieces, (mode, BOLD))


def _change(state: TaskState) -> Line:
    """Return what changed of the selected object since the last review, while that is compared: only that is seen."""
    diff, key = state.comparing, state.selected
    if isinstance(diff, BranchView):
        return (_short(f"ghosts: {diff.branch}", MOST_CHANGE_CELLS, WARN), ("  ", PLAIN))
    if diff is None:
        return ()
    if key is None or key not in diff.changes:
        return (("only changes are shown", WARN), ("  ", PLAIN))
    return (_short(change_words(state, diff, diff.changes[key]), MOST_CHANGE_CELLS, WARN), ("  ", PLAIN))


def _mode(state: TaskState) -> str:
    """Return what keys mean now: the mode, or the tool in the hand and how it paints."""
    match state.tool:
        case DrawTool(class_id=class_id):
            entry = state.project.ontology.find(class_id)
            return f"DRAW {shortened(entry.name, MOST_NAME_CELLS)}" if entry is not None else "DRAW"
        case PathTool() as tool:
            return tool_words(tool)
        case _:
            return state.mode.value.upper()


def turbo_line(state: TaskState) -> Line:
    """Return in Turbo mode the object, its place in the list, and the question with the digits of its options."""
    rows = attribute_rows(state)
    if not isinstance(rows, AttributeRows) or rows.asked_row is None or state.selected is None:
        return ()
    attribute = rows.key(rows.asked_row)
    order = selectors.listed(state)
    place = f" {order.index(state.selected) + 1:,}/{len(order):,}" if state.selected in order else ""
    name = selectors.instance_name(state.project.ontology, state.document.instances[state.selected])
    options = [o for o in attribute.options if not o.archived]
    pieces = [(" ", PLAIN), _short(name, 24, BOLD), (place, DIM), _short(f"  {attribute.name}", 26, PLAIN)]
    for number, option in enumerate(options[:9], start=1):
        pieces += [(f"  {number} ", WARN), _short(option.label, 18, PLAIN)]
    return tuple(pieces)


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"~{seconds:.0f} s"
    return f"~{seconds / 60:.0f} min" if seconds < 5400 else f"~{seconds / 3600:.1f} h"
