"""What a command works with: the task's store, the front end, the count and the argument."""

from __future__ import annotations

import math
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

from msgspec import Struct, field
from msgspec.structs import replace

from tui_editor.commands.history import LineHistory
from tui_editor.commands.steps import Edited, Recording, Step, note_edit
from tui_editor.commands.wishes import Wishes
from tui_editor.edits.stamp import Stamp
from tui_editor.errors import Refused
from tui_editor.state.findings import NO_FINDING_FILTER, FindingFilter
from tui_editor.state.issue_list import NO_FILTER, IssueFilter
from tui_editor.state.large_edits import is_small
from tui_editor.state.selectors import following
from tui_editor.state.tool import Paint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from tui_editor.api.quality.watching import TaskChecks
    from tui_editor.commands.assist import Assist
    from tui_editor.commands.keymap import Keymap
    from tui_editor.commands.macros import Macros
    from tui_editor.commands.touring import Tour
    from tui_editor.edits.clipboard import Clip
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.frames import Frame, FrameRef
    from tui_editor.model.ids import ClassId, InstanceId, IssueId, TaskId
    from tui_editor.model.issues import IssueKind
    from tui_editor.model.patch import Patch
    from tui_editor.model.project import Project, Task, TaskRow
    from tui_editor.ports import EntryKind, Finding, OpenedTask
    from tui_editor.state.store import TaskState, TaskStore
    from tui_editor.state.view import Camera

    HandOn = Callable[[LabelDocument, Project, Stamp, Task], Patch]

T = TypeVar("T")


class Choice(Struct, frozen=True, kw_only=True):
    """One line of a picker."""

    value: str
    label: str
    hint: str = ""
    color: str = ""
    key: str = ""
    """A key that picks it at once while nothing is typed."""
    disabled: str = ""
    """Why it can't be picked."""
    picked: bool = False
    """Where several can be picked: it is picked at first."""


class IssueDraft(Struct, frozen=True, kw_only=True):
    """What the issue dialog asks for."""

    kind: IssueKind
    kinds: tuple[IssueKind, ...]
    """Those that make sense here."""
    tags: tuple[str, ...] = ()
    all_tags: tuple[str, ...] = ()
    text: str = ""
    whole: bool = False
    """Of a label issue: it is about the whole track, not about the object on a frame."""
    frames: tuple[int, int] | None = None
    """First and last frame that were typed; None: the active one."""


class Front(Protocol):
    """What a command may ask of the front end. Dialogs return at once and answer by `done`; Escape answers nothing."""

    def tell(self, text: str, *, severity: str = "information") -> None:
        """Tell the user something; severity `information`, `warning` or `error`."""

    def shown_window(self) -> tuple[float, float]:
        """Return (centre, width) of the pixel values that the picture shows from black to white."""

    def frame(self) -> Frame | None:
        """Return the decoded frame that is shown; None while there is none."""

    def canvas_px(self) -> tuple[float, float]:
        """Return the canvas's (width, height) in screen pixels."""

    def with_pixels(self, job: Callable[[NDArray[np.uint8]], T], done: Callable[[T], None]) -> None:
        """Run a job on the active frame's pixels, RGB (h, w, 3), off the event loop; then `done` with what it gave."""

    def aside(self, job: Callable[[], T], done: Callable[[T], None]) -> None:
        """Run a job that changes nothing off the event loop, one after the other; then `done` with what it gave."""

    def ask_text(
        self, title: str, initial: str, done: Callable[[str], None], *, hint: str = "", assist: Assist | None = None
    ) -> None:
        """Ask for a line of text; `hint` shows how it may look, `assist` helps to type it."""

    def pick(
        self, title: str, choices: Sequence[Choice], done: Callable[[tuple[str, ...]], None], *, many: bool = False
    ) -> None:
        """Ask for one of the choices, or for several; found by typing."""

    def confirm(
        self,
        title: str,
        text: str,
        done: Callable[[], None],
        *,
        listed: Sequence[str] = (),
        preview: Patch | None = None,
    ) -> None:
        """Ask whether to go on; `listed` is what it is about, `preview` is shown on canvas and timeline meanwhile."""

    def ask_issue(self, draft: IssueDraft, done: Callable[[IssueDraft], None]) -> None:
        """Ask for kind, tags and comment of an issue."""

    def go_through(self, steps: Iterator[float | None], done: Callable[[], None]) -> None:
        """Do a long piece of work a few milliseconds at a time, then what follows from it; Escape stops it.

        A step may give the share that is done, 0..1.
        """

    def note_done(self, kind: str, what: str, outcome: str) -> None:
        """Keep in the project's store that something was done: an activity, in words."""

    def show(self, what: str) -> None:
        """Open `help`, `palette`, `line` (the `:` line), `queue` or a later screen."""

    def focus_pane(self, pane: str) -> None:
        """Give the keys to `canvas`, to a pane by its name, or to the `next` or `previous` one."""

    def toggle_pane(self, pane: str) -> None:
        """Show or hide a pane; `all` shows the canvas alone."""

    def resize_pane(self, pane: str, by: int) -> None:
        """Make a pane larger by so many cells, or smaller; without a name the one that has the keys."""

    def reset_panes(self) -> None:
        """Give the panes the sizes that they have at first."""

    def toggle_play(self, speed: float) -> None:
        """Start playing at a speed (1: as recorded), or stop."""

    def copy(self, text: str) -> None:
        """Put one harmless line on the terminal's clipboard, and show it."""

    def task_done(self, note: str = "") -> None:
        """Leave the task that was handed on; the next one of the queue is opened, where `note` is told as well."""

    def hand_on_group(self, make: HandOn, command: str) -> None:
        """Hand the other tasks of the group on in the same way. Raises `Refused` when one can't be, and none is."""

    def group(self) -> Sequence[TaskRow]:
        """Return the tasks that go together with the open one, itself among them; none when it is alone."""

    def branches(self) -> Sequence[OpenedTask]:
        """Return the annotators' branches of the open task, by annotator."""

    def open_task(self, task: TaskId) -> None:
        """Open a task."""

    def take_lock(self) -> None:
        """Bring the editor lock of the open task to this window."""

    def put_back(self) -> None:
        """Do again what of this person's edits of the open task was kept aside."""

    def queue(self, verb: str) -> None:
        """Move in the task queue: `next`, `previous`, `open`, `first`, `last`."""

    def suspend(self) -> None:
        """Give the terminal back to the shell until `fg`."""

    def quit(self) -> None:
        """End the program."""


def _default_keymap() -> Keymap:
    from tui_editor.commands.keymap import default_keymap  # it knows the table, which knows what is here

    return default_keymap()


def _no_macros() -> Macros:
    from tui_editor.commands.macros import Macros  # it knows commands, which know what is here

    return Macros()


class Loop(Struct):
    """What a sitting remembers that is no part of the document."""

    last_reason: str = ""
    last_tags: tuple[str, ...] = ()
    last_decision: str = ""
    """`approve` or `reject`, for `.`."""
    drawn: ClassId | None = None
    """Class of what was drawn last, for `.`."""
    freehand: bool = True
    """Whether a drag draws a line of points, not one point, in polygons and polylines."""
    rejecting: str = "object"
    """Whom the reason is for: `object`, `frame` or `task`."""
    reason_tags: tuple[str, ...] = ()
    speed: float = 1.0
    """Of playing."""
    skip: int = 10
    """Frames that one skip goes."""
    issue: IssueId | None = None
    """The current issue."""
    issue_filter: IssueFilter = NO_FILTER
    """What the issues pane lists."""
    finding: Finding | None = None
    """The current finding."""
    finding_filter: FindingFilter = NO_FINDING_FILTER
    """What the findings pane lists."""
    checks: TaskChecks | None = None
    """What checks the open task."""
    tour: Tour | None = None
    """The findings of many tasks that are gone through; None: those of the open one."""
    folder: Path | None = None
    """The project's folder, where waivers are kept; None: there is none."""
    compared: InstanceId | None = None
    """The change that was gone to last: a deleted object can't be selected."""
    turbo: bool = False
    """Tasks that are annotated open in Turbo mode."""
    wishes: Wishes = Wishes()
    clip: Clip | None = None
    """What was copied, for this task and the others of the project."""
    place_pin: Callable[[tuple[float, float]], None] | None = None
    """Who waits for a place on the canvas."""
    project_path: str = ""
    """The project's folder, for addresses."""
    paint: Paint = field(default_factory=Paint)
    """How was painted last."""
    last_edit: tuple[Edited, ...] = ()
    """For `.`; empty after drawing."""
    last_target: tuple[InstanceId | None, FrameRef] | None = None
    """What `.` was done to last."""
    following: InstanceId | None = None
    """What came after the object that was edited last: an edit may change the order."""
    sittings: int = 0
    """How often edit mode was entered."""
    macros: Macros = field(default_factory=_no_macros)
    keymap: Keymap = field(default_factory=_default_keymap)
    """Which keys lead to which commands."""
    guide: int | None = None
    """Step of the tour for beginners that is to be done; None: there is none."""
    unread: int = 0
    """What others did that the person was not told of yet."""
    history: LineHistory = field(default_factory=LineHistory)
    """The `:` lines that were run."""
    marks: dict[str, FrameRef] = field(default_factory=dict)
    zoomed: Camera | None = None
    """Where the view was zoomed in before the whole frame was shown."""
    decided: int = 0
    seconds: float = 0.0
    since: float = 0.0
    """Monotonic time at which the present object was shown."""
    handed_on: float = -math.inf
    """Monotonic time of the last Enter that handed a task on, or was kept from it."""

    def begin_tour(self, tour: Tour | None) -> None:
        """Go through the findings of many tasks from now on; None: there are none to go through."""
        if tour is not None:
            self.tour, self.finding_filter = tour, FindingFilter(shown=tour.shown)


LONGEST_DECISION_S = 60.0
"""A longer pause was not spent on the object: the pace leaves it out."""
SAME_PRESS_S = 0.5
"""An Enter that comes sooner after one that handed a task on is the same press: the key is held, or it bounced."""


class Context(Struct):
    """Everything that a command needs, for one run of it."""

    front: Front
    task: TaskStore | None = None
    loop: Loop = field(default_factory=Loop)
    count: int | None = None
    argument: str = ""
    offset: int = 0
    """Characters before the argument on the `:` line, for the columns of errors."""
    edited: Edited | None = None
    """What is being run, for `.`; None: nothing that can be done once more."""
    replayed: bool = False
    """It is done once more: it is neither recorded nor remembered."""

    @property
    def store(self) -> TaskStore:
        """Return the opened task's store.

        Raises:
            Refused: no task is open.
        """
        if self.task is None:
            raise Refused("no task is open")
        return self.task

    @property
    def state(self) -> TaskState:
        """Return the opened task's state."""
        return self.store.state

    @property
    def times(self) -> int:
        """Return the count, 1 when none was typed."""
        return self.count or 1

    def stamp(self) -> Stamp:
        """Return who acts, and when."""
        return Stamp(self.store.person, self.store.clock.now_ms())

    def apply(self, patch: Patch, command: str, kind: EntryKind | None = None) -> None:
        """Do a patch under a command's name; new labels get the answers that are preserved for their objects."""
        state = self.state
        if state.answering.preserved:
            from tui_editor.edits.inherit import inherited  # few sittings preserve answers

            patch = inherited(state.document, state.project.ontology, patch, state.answering.preserved)
        if state.listing.visual:
            self.store.set(listing=replace(state.listing, visual=False))
        if self.edited is not None:
            self.loop.following = following(self.state)
        if kind is None:
            self.store.apply(patch, command)
        else:
            self.store.apply(patch, command, kind)
        if not self.replayed:
            note_edit(self, patch, command)

    def apply_then(self, patch: Patch, command: str, then: Callable[[], None]) -> None:
        """Do a patch under a command's name, then what follows; a large one a few milliseconds at a time.

        Until all of a large patch is there nothing of it is: Escape leaves everything as it was.
        """
        if is_small(patch):
            self.apply(patch, command)
            then()
        else:
            self.front.go_through(self._steps(patch, command), then)

    def _steps(self, patch: Patch, command: str) -> Iterator[float]:
        with self.unchanged_if_stopped():
            yield from self.store.apply_steps(patch, command)
        if not self.replayed:
            note_edit(self, patch, command)

    @contextmanager
    def unchanged_if_stopped(self) -> Iterator[None]:
        """Say that nothing was done when the work within is stopped."""
        try:
            yield
        except GeneratorExit:
            self.front.tell("stopped: nothing of it was done", severity="warning")
            raise

    def begin(self, command: str) -> Step:
        """Note what is about to be run; from now on the answers to its questions are noted with it."""
        step = Step(command=command, count=self.count, argument=self.argument)
        if self.task is not None:
            state = self.task.state
            self.loop.sittings += command == "geometry.edit"
            self.edited = Edited(
                step=step,
                mode=state.mode,
                tool=state.tool,
                target=(state.selected, state.frame),
                sitting=self.loop.sittings,
            )
        self.front = cast("Front", Recording(self.front, step))
        return step

    def again(self, front: Front, count: int | None = None, argument: str = "") -> Context:
        """Return what a command works with that is done once more."""
        return Context(front=front, task=self.task, loop=self.loop, count=count, argument=argument, replayed=True)

    def selected(self) -> InstanceId:
        """Return the instance that keys act on.

        Raises:
            Refused: nothing is selected.
        """
        selected = self.state.selected
        if selected is None:
            raise Refused("nothing is selected", hint="‹object.next› selects the next object")
        return selected
