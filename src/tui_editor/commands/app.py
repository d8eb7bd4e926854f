"""Help, panes, the palette, leaving: what works everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.commands.command import ANYWHERE, CANVAS, LOOP, Command, on
from tui_editor.commands.objects import may_edit, needs_selection
from tui_editor.model.ids import to_text
from tui_editor.state.view import Mode

if TYPE_CHECKING:
    from tui_editor.commands.context import Context

GROUP = "Program"
PANES = ("classes", "labels", "attributes", "issues", "findings", "history", "timeline")
COLUMNS_STEP = 4
"""By how many columns a pane becomes wider or narrower where no count says it."""
NOT_REASON = tuple(m for m in ANYWHERE if m is not Mode.REASON)


def _help(context: Context) -> None:
    context.front.show("help")


def _palette(context: Context) -> None:
    context.front.show("palette")


def _line(context: Context) -> None:
    context.front.show("line")


def _next_pane(context: Context) -> None:
    context.front.focus_pane("next")


def _previous_pane(context: Context) -> None:
    context.front.focus_pane("previous")


def _toggle_pane(context: Context) -> None:
    context.front.toggle_pane(context.argument or "all")


def _wider(context: Context) -> None:
    context.front.resize_pane(context.argument, context.count or COLUMNS_STEP)


def _narrower(context: Context) -> None:
    context.front.resize_pane(context.argument, -(context.count or COLUMNS_STEP))


def _higher(context: Context) -> None:
    context.front.resize_pane("timeline", context.count or 1)


def _lower(context: Context) -> None:
    context.front.resize_pane("timeline", -(context.count or 1))


def _reset_sizes(context: Context) -> None:
    context.front.reset_panes()


def _toolbar(context: Context) -> None:
    context.front.focus_pane("toolbar")


def _back(context: Context) -> None:
    context.front.show("queue")


def _quit(context: Context) -> None:
    context.front.quit()


def _suspend(context: Context) -> None:
    context.front.suspend()


def _save(context: Context) -> None:
    durability = context.state.durability
    waiting = f"{durability.pending} edits wait for the disk" if durability.pending else "everything is kept"
    context.front.tell(f"{waiting} (entry {durability.seq}); there is nothing to save by hand")


def _copy_id(context: Context) -> None:
    context.front.copy(to_text(context.selected()))


def _copy_url(context: Context) -> None:
    state = context.state
    parts = [f"task={to_text(state.task.id)}", f"frame={state.view.frame}"]
    if state.selected is not None:
        parts.append(f"instance={to_text(state.selected)}")
    context.front.copy(f"tui-editor:///{context.loop.project_path}?" + "&".join(parts))


COMMANDS = (
    Command(
        id="app.help",
        title="Help",
        doc="Shows every key that works here.",
        run=_help,
        keys=on("?", *ANYWHERE),
        hint="help",
        group=GROUP,
    ),
    Command(
        id="app.line",
        title="Command line",
        doc="Opens the `:` line: a command by name, or a frame number.",
        run=_line,
        keys=on(":", *NOT_REASON),
        group=GROUP,
    ),
    Command(
        id="app.palette",
        title="Command palette",
        doc="Finds a command by typing, with its key beside it.",
        run=_palette,
        keys=on("ctrl+p", *NOT_REASON) + on("g p", *LOOP),
        group=GROUP,
    ),
    Command(
        id="app.next_pane",
        title="Next pane",
        doc="Gives the keys to the next pane.",
        run=_next_pane,
        keys=on("tab", *LOOP, Mode.ISSUES),
        group=GROUP,
    ),
    Command(
        id="app.previous_pane",
        title="Previous pane",
        doc="Gives the keys to the previous pane.",
        run=_previous_pane,
        keys=on("shift+tab", *LOOP, Mode.ISSUES),
        group=GROUP,
    ),
    Command(
        id="app.pane",
        title="Show or hide a pane",
        doc="Classes, labels, attributes, issues, findings, timeline, toolbar (q), or the canvas alone.",
        run=_toggle_pane,
        keys=tuple(k for p in PANES for k in on(f"_ {p[0]}", *LOOP, argument=p))
        + on("_ q", *LOOP, argument="toolbar")
        + on("_ space", *LOOP, argument="all"),
        takes="PANE",
        group=GROUP,
    ),
    Command(
        id="app.pane_wider",
        title="Wider pane",
        doc="Makes the pane that has the keys wider, or the one named; from the canvas, the right column.",
        run=_wider,
        keys=on("_ >", *LOOP, Mode.ISSUES),
        takes="PANE",
        count="columns",
        group=GROUP,
    ),
    Command(
        id="app.pane_narrower",
        title="Narrower pane",
        doc="Makes the pane that has the keys narrower, or the one named; from the canvas, the right column.",
        run=_narrower,
        keys=on("_ <", *LOOP, Mode.ISSUES),
        takes="PANE",
        count="columns",
        group=GROUP,
    ),
    Command(
        id="app.timeline_higher",
        title="Higher timeline",
        doc="Gives the timeline another row: it shows more objects.",
        run=_higher,
        keys=on("_ +", *LOOP, Mode.ISSUES),
        count="rows",
        group=GROUP,
    ),
    Command(
        id="app.timeline_lower",
        title="Lower timeline",
        doc="Takes a row from the timeline for the canvas.",
        run=_lower,
        keys=on("_ -", *LOOP, Mode.ISSUES),
        count="rows",
        group=GROUP,
    ),
    Command(
        id="app.pane_sizes",
        title="Usual pane sizes",
        doc="Gives the panes the sizes that they have at first. What you make of them is remembered.",
        run=_reset_sizes,
        keys=on("_ =", *LOOP, Mode.ISSUES),
        group=GROUP,
    ),
    Command(
        id="app.toolbar",
        title="Quick toolbar",
        doc="Gives the keys to the quick toolbar: h and l go along it, Enter or a letter runs a button, Escape leaves.",
        run=_toolbar,
        keys=on("\\", *LOOP, Mode.EDIT),
        group=GROUP,
    ),
    Command(
        id="app.copy_id",
        title="Copy the identifier",
        doc="Puts the selected object's identifier on the clipboard, and shows it.",
        run=_copy_id,
        keys=on("y i"),
        enabled=needs_selection,
        group=GROUP,
    ),
    Command(
        id="app.copy_url",
        title="Copy the address",
        doc="Puts the address of task, frame and object on the clipboard, and shows it.",
        run=_copy_url,
        keys=on("y u"),
        enabled=lambda context: "" if context.task else "no task is open",
        group=GROUP,
    ),
    Command(
        id="app.save",
        title="Save",
        doc="Says whether everything is on disk: each key is, as it is pressed.",
        run=_save,
        enabled=may_edit,
        group=GROUP,
    ),
    Command(
        id="app.back",
        title="Back to the queue",
        doc="Leaves the task and shows the queue; nothing needs saving.",
        run=_back,
        keys=on("q"),
        hint="queue",
        group=GROUP,
    ),
    Command(
        id="app.quit",
        title="Quit",
        doc="Ends the program; nothing needs saving. `:q` does it as well.",
        run=_quit,
        keys=on("q, Z Z", Mode.QUEUE),
        hint="quit",
        group=GROUP,
    ),
    Command(
        id="app.suspend",
        title="Suspend",
        doc="Gives the terminal back to the shell until `fg`.",
        run=_suspend,
        keys=on("ctrl+z", *CANVAS, Mode.QUEUE, Mode.ISSUES),
        group=GROUP,
    ),
)
