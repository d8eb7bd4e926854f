"""Macros: steps that are recorded under a letter and played."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui_editor.commands.command import ANY_KEY, CANVAS, LOOP, Command, on
from tui_editor.commands.steps import Step, replay
from tui_editor.errors import Refused, UsageError
from tui_editor.state.view import Mode
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence

    from tui_editor.commands.context import Context, Loop
    from tui_editor.commands.resolver import KeyResolver

GROUP: Final = "Macros"
RECORD: Final = "macro.record"
PLAY: Final = "macro.play"
MOST_STEPS: Final = 10_000
"""Steps that one press plays at most, those of macros within macros included."""
_NOT_RECORDED: Final = frozenset(
    {
        RECORD,
        "macro.stop",
        "app.line",
        "app.palette",
        "app.help",
        "app.suspend",
        "app.quit",
        "app.back",
        "app.save",
        "label.menu",
        "view.menu",
    }
)
"""What opens the way to other commands, or has nothing to do with the task."""
_MOTIONS: Final = frozenset(
    {
        "object.next",
        "object.previous",
        "frame.next",
        "frame.previous",
        "frame.forward",
        "frame.back",
        "review.next_undecided",
        "review.previous_undecided",
    }
)
"""What goes on: at the end of the way a macro stops, so that a large count means "to the end"."""


class Macros:
    """The recorded steps by register, and the recording that goes on."""

    def __init__(self) -> None:
        self._recorded: dict[str, tuple[Step, ...]] = {}
        self.recording = ""
        """The register that is recorded to; empty: none."""
        self._steps: list[Step] = []

    @property
    def names(self) -> Sequence[str]:
        """Return the registers that hold something."""
        return sorted(self._recorded)

    def steps(self, name: str) -> tuple[Step, ...]:
        """Return the steps of a register; none where nothing was recorded."""
        return self._recorded.get(name, ())

    def begin(self, name: str) -> None:
        """Record to a register from now on."""
        self.recording, self._steps = name, []

    def note(self, step: Step) -> None:
        """Take in a step that was done while recording."""
        if self.recording and step.command not in _NOT_RECORDED:
            self._steps.append(step)

    def end(self) -> tuple[str, int]:
        """Stop recording; return the register and how many steps it holds."""
        name, self.recording = self.recording, ""
        self.keep(name, tuple(self._steps))
        return name, len(self._steps)

    def keep(self, name: str, steps: tuple[Step, ...]) -> None:
        """Put steps into a register; no steps empty it."""
        if steps:
            self._recorded[name] = steps
        else:
            self._recorded.pop(name, None)

    def take(self, recorded: Mapping[str, tuple[Step, ...]]) -> None:
        """Take over what was kept elsewhere."""
        self._recorded = {**recorded, **self._recorded}


def stops_recording(loop: Loop, resolver: KeyResolver, mode: Mode, key: str) -> bool:
    """Return whether a key ends the recording: the one that began it, by itself."""
    return bool(loop.macros.recording) and not resolver.typed and resolver.leads_to(mode, key) == {RECORD}


# --- record ----------------------------------------------------------------------------------------


def _register(context: Context) -> str:
    name = context.argument.strip()
    if len(name) != 1 or not name.isalnum():
        raise UsageError(f"{one_line(name) or 'nothing'} is no register", hint="a letter or a digit")
    return name


def _record(context: Context) -> None:
    name = _register(context)
    if context.loop.macros.recording:
        raise Refused(f"macro {context.loop.macros.recording} is being recorded", hint=":macro.stop ends it")
    context.loop.macros.begin(name)
    context.front.tell(f"recording macro {name}: the same key ends it")


def _stop(context: Context) -> None:
    if not context.loop.macros.recording:
        raise Refused("nothing is being recorded", hint="‹macro.record› begins")
    name, count = context.loop.macros.end()
    kept = f"holds {count} step{'' if count == 1 else 's'}" if count else "is empty"
    context.front.tell(f"macro {name} {kept}")


# --- play ------------------------------------------------------------------------------------------


def _play(context: Context) -> None:
    name = _register(context)
    macros = context.loop.macros
    if macros.recording == name:
        raise Refused(f"macro {name} would call itself: it is being recorded")
    total = _length(macros, name, ()) * context.times
    if total > MOST_STEPS:
        raise Refused(f"macro {name} would do {total:,} steps", hint=f"at most {MOST_STEPS:,} at once")
    context.front.go_through(
        _times(context, name, context.times), lambda: context.front.tell(f"macro {name}: {total} steps done")
    )


def _length(macros: Macros, name: str, within: tuple[str, ...]) -> int:
    """Return how many steps a macro takes, with those of the macros that it plays.

    Raises:
        Refused: there is no such macro, or it calls itself.
    """
    if name in within:
        raise Refused(f"macro {within[0]} calls itself ({' → '.join((*within, name))}): nothing was done")
    steps = macros.steps(name)
    if not steps:
        raise Refused(f"macro {name} is empty", hint="‹macro.record› records one")
    total = 0
    for step in steps:
        total += 1
        if step.command == PLAY:
            total += _length(macros, step.argument, (*within, name)) * (step.count or 1)
        if total > MOST_STEPS:
            break
    return total


def _times(context: Context, name: str, times: int) -> Iterator[None]:
    for _ in range(times):
        if not (yield from _once(context, name)):
            return


def _once(context: Context, name: str) -> Generator[None, None, bool]:
    """Play a macro; its value is whether one can go on afterwards: not where the task was left.

    Raises:
        Refused: a step can't be done; says which.
    """
    steps = context.loop.macros.steps(name)
    for number, step in enumerate(steps, start=1):
        place = f"macro {name} stopped at step {number} of {len(steps)}, {step.command}"
        if step.command == PLAY:
            inner = context.again(context.front, step.count, step.argument)
            for _ in range(inner.times):
                if not (yield from _once(inner, step.argument)):
                    return False
            continue
        before = context.state.selection, context.state.views
        try:
            yield from replay(context, step)
        except Refused as error:
            raise Refused(f"{place}: {error.what}", hint=error.hint) from error
        if step.command.startswith(("task.", "queue.")):
            return False
        if step.command in _MOTIONS and before == (context.state.selection, context.state.views):
            raise Refused(f"{place}: there is nothing further on")
        yield
    return True


COMMANDS = (
    Command(
        id=RECORD,
        title="Record a macro",
        doc="Records what is done from now on under a letter; the same key by itself ends it. Kept across restarts.",
        run=_record,
        keys=on(f"Q {ANY_KEY}", *CANVAS),
        takes="REGISTER",
        group=GROUP,
    ),
    Command(
        id="macro.stop",
        title="Stop recording",
        doc="Ends the recording of a macro, as the key that began it does.",
        run=_stop,
        group=GROUP,
    ),
    Command(
        id=PLAY,
        title="Play a macro",
        doc=(
            "Does what was recorded under a letter, as ordinary edits. It stops at a step that can't be done, and "
            "where there is nothing further on; Escape stops it."
        ),
        run=_play,
        keys=on(f"& {ANY_KEY}", *LOOP, Mode.EDIT),
        takes="REGISTER",
        count="times",
        group=GROUP,
    ),
)
