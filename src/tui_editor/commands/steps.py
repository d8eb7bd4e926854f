"""One run of a command as it can be done again: its count, its argument, and what was answered to its questions."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, TypeVar, cast

from msgspec import Struct, field
from msgspec.structs import replace

from tui_editor.errors import Refused
from tui_editor.model.issues import IssueKind
from tui_editor.model.patch import InstanceChange, StatusChange, TrackChange
from tui_editor.state.view import Mode
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tui_editor.commands.assist import Assist
    from tui_editor.commands.context import Choice, Context, Front, IssueDraft
    from tui_editor.model.frames import FrameRef
    from tui_editor.model.ids import InstanceId
    from tui_editor.model.patch import Patch
    from tui_editor.state.tool import Tool

T = TypeVar("T")


class Answered(Struct, frozen=True, kw_only=True):
    """What was answered to a question: a `text`, what was `picked`, `yes`, or an `issue` (kind, comment, tags)."""

    kind: str
    texts: tuple[str, ...] = ()


class Step(Struct, kw_only=True):
    """A command that was run."""

    command: str
    """Its id."""
    count: int | None = None
    argument: str = ""
    answers: list[Answered] = field(default_factory=list)
    """In the order of the questions; those of a dialog come when it is answered."""


class Edited(Struct, frozen=True, kw_only=True, eq=False):
    """A step that changed labels, and what it was done to."""

    step: Step
    mode: Mode
    tool: Tool | None
    target: tuple[InstanceId | None, FrameRef]
    sitting: int = 0
    """Which time of edit mode it belongs to."""


def note_edit(context: Context, patch: Patch, command: str) -> None:
    """Remember an edit of labels for `.`: those of one sitting in edit mode together, any other by itself."""
    loop, done = context.loop, context.edited
    if done is not None and done.step.command.partition(".")[0] in _NOT_REPEATED:
        return
    kinds = {type(change) for change in patch.changes}
    if kinds.isdisjoint({InstanceChange, TrackChange}) or StatusChange in kinds:
        return
    if command.startswith("draw.") or (done is not None and done.mode is Mode.DRAW):
        loop.last_edit = ()
        return
    if done is None:
        return
    last = loop.last_edit[-1] if loop.last_edit else None
    goes_on = last is not None and last.mode is done.mode is Mode.EDIT and last.sitting == done.sitting
    before = loop.last_edit if goes_on else ()
    loop.last_edit = before if done in before else (*before, done)


_NOT_REPEATED = frozenset({"review", "issue", "task", "range", "bulk", "macro", "finding"})


class _Passing:
    """A front end that hands everything on to another one."""

    def __init__(self, front: Front) -> None:
        self._front = front

    def __getattr__(self, name: str) -> Any:
        return getattr(self._front, name)


class Recording(_Passing):
    """Notes what is answered to a command's questions."""

    def __init__(self, front: Front, step: Step) -> None:
        super().__init__(front)
        self._answers = step.answers

    def ask_text(
        self, title: str, initial: str, done: Callable[[str], None], *, hint: str = "", assist: Assist | None = None
    ) -> None:
        """Ask for a line of text."""

        def answered(text: str) -> None:
            self._answers.append(Answered(kind="text", texts=(text,)))
            done(text)

        self._front.ask_text(title, initial, answered, hint=hint, assist=assist)

    def pick(
        self, title: str, choices: Sequence[Choice], done: Callable[[tuple[str, ...]], None], *, many: bool = False
    ) -> None:
        """Ask for choices."""

        def answered(values: tuple[str, ...]) -> None:
            self._answers.append(Answered(kind="picked", texts=tuple(values)))
            done(values)

        self._front.pick(title, choices, answered, many=many)

    def confirm(
        self,
        title: str,
        text: str,
        done: Callable[[], None],
        *,
        listed: Sequence[str] = (),
        preview: Patch | None = None,
    ) -> None:
        """Ask whether to go on."""

        def answered() -> None:
            self._answers.append(Answered(kind="yes"))
            done()

        self._front.confirm(title, text, answered, listed=listed, preview=preview)

    def ask_issue(self, draft: IssueDraft, done: Callable[[IssueDraft], None]) -> None:
        """Ask for an issue."""

        def answered(made: IssueDraft) -> None:
            self._answers.append(Answered(kind="issue", texts=(made.kind.value, made.text, *made.tags)))
            done(made)

        self._front.ask_issue(draft, answered)


class Replaying(_Passing):
    """Answers a command's questions as they were answered before.

    Raises:
        Refused: something else is asked, or what was answered can't be now.
    """

    def __init__(self, front: Front, answers: Sequence[Answered]) -> None:
        super().__init__(front)
        self._left = deque(answers)
        self.work: list[tuple[Iterator[float | None], Callable[[], None]]] = []
        """What the command wants gone through."""

    def _next(self, kind: str, title: str) -> tuple[str, ...]:
        if not self._left or self._left[0].kind != kind:
            raise Refused(f"it asks “{one_line(title, 60)}”, which was not answered when it was recorded")
        return self._left.popleft().texts

    def ask_text(
        self, title: str, initial: str, done: Callable[[str], None], *, hint: str = "", assist: Assist | None = None
    ) -> None:
        """Answer with the text."""
        del initial, hint, assist
        done(self._next("text", title)[0])

    def pick(
        self, title: str, choices: Sequence[Choice], done: Callable[[tuple[str, ...]], None], *, many: bool = False
    ) -> None:
        """Answer with what was picked."""
        del many
        values = self._next("picked", title)
        known = {choice.value for choice in choices if not choice.disabled}
        for value in values:
            if value not in known:
                raise Refused(f"“{one_line(title, 60)}” offers no {one_line(value, 60)} here")
        done(values)

    def confirm(
        self,
        title: str,
        text: str,
        done: Callable[[], None],
        *,
        listed: Sequence[str] = (),
        preview: Patch | None = None,
    ) -> None:
        """Go on."""
        del text, listed, preview
        self._next("yes", title)
        done()

    def ask_issue(self, draft: IssueDraft, done: Callable[[IssueDraft], None]) -> None:
        """Answer with the issue, where its kind makes sense."""
        kind, text, *tags = self._next("issue", "issue")
        if kind not in draft.kinds:
            raise Refused(f"there can be no issue of a {kind} here")
        done(replace(draft, kind=IssueKind(kind), text=text, tags=tuple(tags)))

    def aside(self, job: Callable[[], T], done: Callable[[T], None]) -> None:
        """Do the job at once: what is replayed next goes on from there."""
        done(job())

    def go_through(self, steps: Iterator[float | None], done: Callable[[], None]) -> None:
        """Keep the work for whoever replays."""
        self.work.append((steps, done))


def replay(context: Context, step: Step) -> Iterator[None]:
    """Do a step once more, with its work a few milliseconds at a time.

    Raises:
        Refused: it can't be done.
    """
    from tui_editor.commands.table import attempt, by_id

    command = by_id().get(step.command)
    if command is None:
        raise Refused(f"there is no command {one_line(step.command)}")
    front = Replaying(context.front, step.answers)
    inner = context.again(cast("Front", front), step.count, step.argument)
    why = attempt(command, inner)
    if why:
        raise Refused(why)
    for steps, done in front.work:  # what is done after a piece of work may ask for another one
        for _ in steps:
            yield
        done()
