"""The log of a task: what was done by whom, and taking back any of it; deleted objects come back."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from tui_editor.commands import moving
from tui_editor.commands.command import LOOP, Command, on
from tui_editor.commands.context import Choice
from tui_editor.commands.objects import GROUP, may_edit, needs_selection
from tui_editor.commands.ranges import count_text
from tui_editor.commands.undoing import title_of
from tui_editor.errors import Refused
from tui_editor.model.patch import InstanceChange
from tui_editor.ports import EntryKind
from tui_editor.state import taking_back
from tui_editor.state.moments import moment_ms
from tui_editor.state.patch_words import what_changed
from tui_editor.state.selectors import class_color, instance_name
from tui_editor.state.taking_back import Wanted
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui_editor.commands.context import Context
    from tui_editor.ports import JournalEntry
    from tui_editor.state.store import TaskState
    from tui_editor.state.taking_back import Deleted, Older, TakeBack

TAKE_BACK, RESTORE = "history.take_back", "history.restore"
MOST_ENTRIES = 300
"""Entries that the log shows, the newest ones."""


def _older(context: Context) -> Older:
    return context.store.older or (lambda _: ())


def _entries(context: Context) -> list[JournalEntry]:
    """Return the newest entries that can be looked back on, the newest first."""
    return list(islice(taking_back.since_import(_older(context)), MOST_ENTRIES))


# --- the log ---------------------------------------------------------------------------------------


def _log(context: Context) -> None:
    entries = [e for e in _entries(context) if context.argument in ("", e.person)]
    if not entries and not context.argument:
        raise Refused("nothing was done in this task since the import")
    if not entries:
        raise Refused(f"{one_line(context.argument)} did nothing in this task", hint="the log names who did what")

    context.front.pick(
        "Log: Enter takes an entry back",
        [choice_of(entry, context.state) for entry in entries],
        lambda values: offer_entry(context, int(values[0])),
    )


def offer_entry(context: Context, seq: int) -> None:
    """Show what taking an entry back would change, and do it when the person agrees.

    Raises:
        Refused: it can't be taken back, or not by this person.
    """
    _offer(context, lambda: taking_back.planned_entry(context.state.document, _older(context), seq))


def choice_of(entry: JournalEntry, state: TaskState) -> Choice:
    """Return an entry as a line of a list: when, who, what, on what; disabled where it can't be taken back."""
    return Choice(
        value=str(entry.seq),
        label=_line(entry),
        hint=_did(entry, state),
        disabled=_why_not(entry),
    )


def _did(entry: JournalEntry, state: TaskState) -> str:
    """Return the objects that an entry changed and what it did: `Car (0) and 2 more: 3 labels set`."""
    touched = sorted(entry.patch.instances())
    told = what_changed(entry.patch)
    if not touched:
        return told
    values = (c.before or c.after for c in entry.patch.changes if isinstance(c, InstanceChange) and c.id == touched[0])
    first = state.document.instances.get(touched[0]) or next(values, None)
    name = instance_name(state.project.ontology, first) if first is not None else "an object that is gone"
    return f"{name}{f' and {len(touched) - 1} more' if len(touched) > 1 else ''}: {told}"


def _line(entry: JournalEntry) -> str:
    """Return an entry in a line: when, who, what."""
    at = datetime.fromtimestamp(entry.at_ms / 1000).astimezone()
    today = at.date() == datetime.now().astimezone().date()
    when = at.strftime("%H:%M" if today else "%d %b %H:%M")
    did = {EntryKind.UNDO: "took back ", EntryKind.REDO: "brought back "}.get(entry.kind, "")
    return one_line(f"{when} {entry.person}: {did}{title_of(entry.command)}")


def _why_not(entry: JournalEntry) -> str:
    if entry.undone:
        return "taken back"
    return "moved the task: only the workflow takes it back" if entry.kind is EntryKind.WORKFLOW else ""


# --- taking back -----------------------------------------------------------------------------------


def _offer(context: Context, planned: Callable[[], TakeBack]) -> None:
    """Show what would go, on the canvas as well, and take it back when the person agrees."""
    plan = planned()
    if not plan.entries:
        raise Refused("there is nothing to take back", hint="‹history.log› lists what was done")
    back = plan.kind is EntryKind.REDO
    state = context.state
    branch = state.task.parent is not None
    taking_back.check_may(
        state.project.standing(state.document.status, context.store.person, branch=branch), plan.patch
    )
    steps = count_text(len(plan.entries), "step", "come" if back else "go")
    together = "" if len(plan.entries) == 1 else " together"
    text = f"{steps} back." if back else f"{steps}{together}; redo brings {'it' if not together else 'them'} back."

    def agreed() -> None:
        if [e.seq for e in planned().entries] != [e.seq for e in plan.entries]:
            raise Refused("the task changed meanwhile", hint="look again at what would go")
        command = plan.entries[0].command if len(plan.entries) == 1 else TAKE_BACK
        context.front.go_through(context.store.take_back_steps(plan, command), lambda: _done(context, plan, back=back))

    listed = [f"{_line(e)}  {_did(e, state)}" for e in plan.entries]
    context.front.confirm("Bring back" if back else "Take back", text, agreed, listed=listed, preview=plan.patch)


def _done(context: Context, plan: TakeBack, *, back: bool) -> None:
    here = context.state.document.instances
    changed = [i for i in plan.patch.instances() if i in here]
    if changed:
        moving.focus(context, min(changed))
    steps = count_text(len(plan.entries), "step")
    if len(plan.entries) > 1:
        outcome = f"{steps} {'brought' if back else 'taken'} back"
        context.front.note_done("undo", context.state.task.title, outcome)
    context.front.tell(f"{steps} brought back" if back else f"{steps} taken back: ‹edit.redo› brings back")


def _of_person(context: Context) -> None:
    person, _, since = context.argument.strip().partition(" ")
    if person:
        _take_back_of(context, person, since)
        return
    entries = _entries(context)
    if not entries:
        raise Refused("nothing was done in this task since the import")
    people = sorted({e.person for e in entries if e.kind is not EntryKind.WORKFLOW and not e.undone})
    choices = [Choice(value=p, label=p, hint=_deeds(entries, p)) for p in people]
    context.front.pick("Take back what a person did", choices, lambda picked: _ask_since(context, picked[0]))


def _deeds(entries: Sequence[JournalEntry], person: str) -> str:
    theirs = [e for e in entries if e.person == person and not e.undone]
    return f"{count_text(len(theirs), 'step')}, last {_line(theirs[0])}" if theirs else ""


def _ask_since(context: Context, person: str) -> None:
    context.front.ask_text(
        f"Take back what {person} did since",
        "",
        lambda since: _take_back_of(context, person, since),
        hint="14:00, 2h (ago), 2025-01-31; empty: everything since the import",
    )


def _take_back_of(context: Context, person: str, since: str) -> None:
    wanted = Wanted(author=person, since_ms=moment_ms(since.strip()) if since.strip() else 0)
    if not any(e.person == person for e in taking_back.since_import(_older(context))):
        raise Refused(f"{one_line(person)} did nothing in this task", hint="‹history.log› lists who did what")
    _offer(context, lambda: taking_back.planned(context.state.document, _older(context), wanted))


def _of_object(context: Context) -> None:
    instance = context.selected()
    deeds = [
        e
        for e in _entries(context)
        if taking_back.touches(e, instance) and e.kind in {EntryKind.EDIT, EntryKind.REDO} and not e.undone
    ]
    name = instance_name(context.state.project.ontology, context.state.document.instances[instance])
    if not deeds:
        raise Refused(f"nothing was done to {one_line(name)} since the import")
    choices = [Choice(value=str(n), label=_line(e), hint=what_changed(e.patch)) for n, e in enumerate(deeds, start=1)]

    def picked(values: tuple[str, ...]) -> None:
        wanted = Wanted(instance=instance, count=int(values[0]))
        _offer(context, lambda: taking_back.planned(context.state.document, _older(context), wanted))

    context.front.pick(f"{one_line(name)}: take back from which step on", choices, picked)


# --- deleted things --------------------------------------------------------------------------------


def _restore(context: Context) -> None:
    gone = taking_back.deleted(context.state.document, taking_back.since_import(_older(context)))
    if not gone:
        raise Refused("nothing was deleted in this task since the import")
    by_id = {str(thing.instance.id): thing for thing in gone}
    choices = [_deleted_choice(context, thing) for thing in gone]
    context.front.pick("Restore a deleted object", choices, lambda picked: _bring_back(context, by_id[picked[0]]))


def _deleted_choice(context: Context, thing: Deleted) -> Choice:
    ontology = context.state.project.ontology
    return Choice(
        value=str(thing.instance.id),
        label=instance_name(ontology, thing.instance),
        hint=f"deleted {_line(thing.entry)}",
        color=class_color(ontology, thing.instance.class_id),
    )


def _bring_back(context: Context, thing: Deleted) -> None:
    patch = taking_back.restored(context.state.document, thing)
    name = one_line(instance_name(context.state.project.ontology, thing.instance))

    def done() -> None:
        moving.focus(context, thing.instance.id)
        context.front.tell(f"{name} is back: ‹edit.undo› deletes it again")

    context.apply_then(patch, RESTORE, done)


COMMANDS = (
    Command(
        id="history.log",
        title="Log",
        doc="Lists what was done in this task, by whom and when; the entry that is picked is taken back, after a look.",
        run=_log,
        keys=on("g H", *LOOP),
        takes="PERSON",
        group=GROUP,
    ),
    Command(
        id=TAKE_BACK,
        title="Take back what a person did",
        doc="Takes back all that a person did, or only since a time, after a look at what goes.",
        run=_of_person,
        takes="PERSON TIME",
        enabled=may_edit,
        group=GROUP,
    ),
    Command(
        id="history.object",
        title="Take back what was done to the object",
        doc="Takes back what was done to the selected object, from a step that is picked on; other objects stay.",
        run=_of_object,
        enabled=needs_selection,
        group=GROUP,
    ),
    Command(
        id=RESTORE,
        title="Restore a deleted object",
        doc="Lists the objects that were deleted in this task, and brings one back with its labels and issues.",
        run=_restore,
        keys=on("g R", *LOOP),
        enabled=may_edit,
        group=GROUP,
    ),
)
