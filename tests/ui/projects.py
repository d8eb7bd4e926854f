"""Small projects with pictures for the tests of the front end, and a person who sits before one."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec.structs import replace
from PIL import Image

from tests.support.doctext import ONTOLOGY as PLAIN
from tests.support.doctext import UNIT, document, text_of
from tui_editor.api.project import Project
from tui_editor.model.document import make_document
from tui_editor.model.frames import MediaRef, Unit, UnitKind
from tui_editor.model.ids import AttributeId, ClassId, InstanceId, OptionId, ProjectId, TaskId, UnitId
from tui_editor.model.instances import Instance
from tui_editor.model.ontology import Attribute, AttributeKind, ObjectClass, Ontology, Option
from tui_editor.model.project import Project as ProjectInfo
from tui_editor.model.project import Task
from tui_editor.model.shapes import Box, ShapeKind
from tui_editor.model.tracks import Label, make_track
from tui_editor.model.workflow import TaskStatus
from tui_editor.ports import ImportedTask
from tui_editor.storage.locate import create_store, open_store
from tui_editor.ui.app import EditorApp
from tui_editor.ui.pressing import answered, at_rest, key_event, press, settle
from tui_editor.ui.screens.editor import EditorScreen
from tui_editor.ui.screens.front import FrontScreen
from tui_editor.ui.start import Start
from tui_editor.ui.terminal.facts import Terminal, choose_graphics

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable
    from pathlib import Path

    from textual.pilot import Pilot

    from tui_editor.model.document import LabelDocument
    from tui_editor.state.store import TaskState, TaskStore

FRAMES = 6
SIZE = (160, 120)
CLIP = TaskId(1)
WIDE = (120, 40)
NARROW = (80, 24)

LABELS = """
car@0 box 10,10 40,30
car@1 box 14,10 40,30
car(1)@0 box 70,20 30,30
van@0 box 20,70 50,30
van@3 box 30,70 50,30
eye@0 point 120,60
lake@2 polygon 100,10 150,20 140,60
"""


def _radio(name: str, *labels: str, **more: Any) -> Attribute:
    options = tuple(Option(id=OptionId(f"{name}-{label}"), label=label, value=label.lower()) for label in labels)
    return Attribute(id=AttributeId(name), name=name, kind=AttributeKind.RADIO, options=options, **more)


QUESTIONS = (
    _radio("Colour", "Red", "Green", "Blue", required=True),
    replace(_radio("Damage", "Door", "Glass", "Roof"), kind=AttributeKind.CHECKLIST),
    Attribute(id=AttributeId("Plate"), name="Plate", kind=AttributeKind.TEXT),
    Attribute(id=AttributeId("Speed"), name="Speed", kind=AttributeKind.NUMERIC, dynamic=True),
)
ONTOLOGY = Ontology(
    classes=tuple(replace(c, attributes=QUESTIONS) if c.id == "car" else c for c in PLAIN.classes),
    classifications=PLAIN.classifications,
)


def write_frames(folder: Path) -> None:
    """Write the pictures of the clip: a gradient, and a bright block that moves with the frame."""
    folder.mkdir(parents=True)
    x, y = np.meshgrid(np.arange(SIZE[0]), np.arange(SIZE[1]))
    for index in range(FRAMES):
        pixels = np.stack([x + 20, y + 40, np.full_like(x, 90)], axis=-1).astype(np.uint8)
        pixels[100:115, 10 + 20 * index : 25 + 20 * index] = (250, 250, 90)
        Image.fromarray(pixels).save(folder / f"{index}.png")


def clip(key: int = 1, title: str = "clip", frames: int = FRAMES, **more: Any) -> Task:
    """Return a task of one image sequence; the one with the key 1 has the unit of the document language."""
    unit = Unit(
        id=UNIT if key == 1 else UnitId(key),
        kind=UnitKind.IMAGE_SEQUENCE,
        title=title,
        media=MediaRef(root="media", paths=tuple(f"{n % FRAMES}.png" for n in range(frames))),
        frame_count=frames,
        width=SIZE[0],
        height=SIZE[1],
    )
    return Task(id=TaskId(key), title=title, units=(unit,), **more)


def one_car(key: int, stage: str = "annotate") -> LabelDocument:
    """Return a document with a car on the first frame of the task with that key."""
    car = Instance(id=InstanceId(key * 100), class_id=ClassId("car"), ordinal=0)
    track = make_track([Label(frame=0, shape=Box(10, 10, 40, 30))])
    return make_document(instances=[car], tracks={(car.id, UnitId(key)): track}, status=TaskStatus(stage=stage))


def project_info(**changes: Any) -> ProjectInfo:
    """Return the project's settings."""
    info = ProjectInfo(
        id=ProjectId(1),
        name="streets",
        ontology=ONTOLOGY,
        issue_tags=("hard", "ask the author"),
        roots={"media": "media"},
    )
    return replace(info, **changes)


def build(folder: Path, tasks: Iterable[ImportedTask], info: ProjectInfo | None = None) -> Path:
    """Make a project with pictures in a folder; return the folder."""
    write_frames(folder / "media")
    store = create_store(folder, info or project_info())
    store.add_tasks(tasks, "importer")
    store.close()
    return folder


def labelled(stage: str = "annotate", text: str = LABELS, **of_task: Any) -> ImportedTask:
    """Return the clip with labels."""
    return ImportedTask(task=clip(**of_task), document=document(text, stage))


def many_boxes(count: int, stage: str = "review") -> ImportedTask:
    """Return the clip with so many instances on its first frame."""
    ids = [InstanceId(n) for n in range(1, count + 1)]
    track = make_track([Label(frame=0, shape=Box(10, 10, 40, 30))])
    found = make_document(
        instances=[Instance(id=i, class_id=ClassId("car"), ordinal=i - 1) for i in ids],
        tracks={(i, UNIT): track for i in ids},
        status=TaskStatus(stage=stage),
    )
    return ImportedTask(task=clip(), document=found)


def renamed(**names: str) -> Ontology:
    """Return the ontology with other names on some classes."""
    return Ontology(
        classes=tuple(replace(c, name=names.get(c.id, c.name)) for c in ONTOLOGY.classes),
        classifications=tuple(replace(c, name=names.get(c.id, c.name)) for c in ONTOLOGY.classifications),
    )


def extra_class(name: str, color: str = "#123456", shape: ShapeKind = ShapeKind.BOX) -> ObjectClass:
    """Return a class for an ontology."""
    return ObjectClass(id=ClassId(name), name=name, color=color, shape=shape)


@dataclass(slots=True)
class Desk:
    """A running app with what a test asks of it."""

    app: EditorApp
    pilot: Pilot[Any]

    @property
    def screen(self) -> FrontScreen:
        """Return the screen that is shown."""
        screen = self.app.screen
        assert isinstance(screen, FrontScreen)
        return screen

    @property
    def editor(self) -> EditorScreen:
        """Return the editor."""
        screen = self.app.screen
        assert isinstance(screen, EditorScreen), screen
        return screen

    @property
    def store(self) -> TaskStore:
        """Return the open task's store."""
        return self.editor.store

    @property
    def state(self) -> TaskState:
        """Return the open task's state."""
        return self.store.state

    @property
    def where(self) -> tuple[int, ...]:
        """Return what only keys and the pointer change, by identity: checks that run at rest change the state too."""
        state = self.state
        slices = (state.document, state.selection, state.views, state.filters, state.listing, state.mode, state.tool)
        return tuple(map(id, slices))

    @property
    def labels(self) -> str:
        """Return the document in the language of `tests.support.doctext`."""
        return text_of(self.state.document)

    async def press(self, *keys: str) -> None:
        """Press keys; one string may hold several, apart by blanks."""
        names = [name for key in keys for name in key.split()]
        await press(self.pilot, *names)
        await self.answered()

    async def rush(self, *keys: str) -> None:
        """Press keys without waiting for any of them but the last; one string may hold several, apart by blanks."""
        for name in (name for key in keys for name in key.split()):
            self.app.post_message(key_event(name))
        await at_rest(self.pilot)
        await self.answered()

    async def type(self, text: str) -> None:
        """Type text, character by character, as fast as one can."""
        await self.rush(*("space" if c == " " else c for c in text))

    async def answered(self) -> None:
        """Wait until the store answered what it was asked for."""
        await answered(self.pilot)

    async def settle(self) -> None:
        """Wait until every edit was answered and the picture is painted."""
        await settle(self.pilot)

    @property
    def pane(self) -> str:
        """Return which pane of the editor has the keys; empty where none has."""
        return (self.editor.focused and self.editor.focused.id) or ""

    @property
    def lines(self) -> list[str]:
        """Return the screen as text, dialogs over what they cover."""
        return [strip.text for strip in self.app.screen._compositor.render_strips()]

    @property
    def text(self) -> str:
        """Return the screen as one text."""
        return "\n".join(self.lines)

    def line_with(self, words: str) -> str:
        """Return the first line of the screen that holds the words."""
        return next((line for line in self.lines if words in line), "")


@asynccontextmanager
async def sitting(
    folder: Path, *, task: TaskId | None = CLIP, size: tuple[int, int] = WIDE, person: str = "me", **start: Any
) -> AsyncIterator[Desk]:
    """Open the app on a project, with the half-block renderer; without a task, its queue."""
    project = Project(folder, open_store(folder), person)
    app = EditorApp(project, Terminal(), choose_graphics(Terminal(), "cells"), Start(task=task, **start))
    try:
        async with app.run_test(size=size) as pilot:
            desk = Desk(app, pilot)
            await desk.settle()
            yield desk
    finally:
        project.close()


async def wait_for(desk: Desk, what: Callable[[], bool]) -> None:
    """Let the app go on until something holds; fail when it never does."""
    for _ in range(200):
        await desk.pilot.pause(0.01)
        if what():
            return
    raise AssertionError("it never came to that")
