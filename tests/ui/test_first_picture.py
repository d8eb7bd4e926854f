"""The first picture, made before there is an interface: where it lies, that the editor would make the same."""

from __future__ import annotations

import dataclasses
import sys
from concurrent.futures import Future
from contextlib import closing
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest
from msgspec.structs import replace

from tests.support.kitty_screen import KittyScreen
from tests.ui.keeping import Canvas, Sent
from tests.ui.projects import CLIP, build, clip, labelled, sitting
from tui_editor.api.project import Project, open_project
from tui_editor.ports import ImportedTask
from tui_editor.storage.locate import open_store
from tui_editor.ui.early.adoption import Adoption
from tui_editor.ui.early.order import first_state, frame_order, glimpse_of, label_order
from tui_editor.ui.early.picture import EarlyPicture, FirstPicture, get_ready
from tui_editor.ui.picture.choice import surface_for
from tui_editor.ui.picture.compose import Composer
from tui_editor.ui.picture.keeper import Keeper
from tui_editor.ui.picture.pipeline import Job, Result
from tui_editor.ui.picture.quality import Quality
from tui_editor.ui.picture.surface import Update
from tui_editor.ui.screens.arrangement import Arrangement, ArrangementFile, PaneSizes, load_arrangement
from tui_editor.ui.screens.layout import canvas_cells
from tui_editor.ui.start import Start
from tui_editor.ui.terminal.facts import Graphics, Terminal, choose_graphics

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

    from tui_editor.model.frames import Frame
    from tui_editor.state.store import TaskState
    from tui_editor.ui.early.adoption import KeptFrames
    from tui_editor.ui.early.order import Glimpse
    from tui_editor.ui.early.process import PictureProcess
    from tui_editor.ui.picture.pipeline import Pipeline
    from tui_editor.ui.picture.surface import Surface
    from tui_editor.ui.terminal_port import Port

KITTY = Terminal(term="xterm-kitty", name="kitty(0.40.0)", answered=True, kitty_graphics=True, cell_px=(8, 16))
SIXEL = Terminal(term="xterm", name="XTerm(379)", answered=True, sixel=True, sixel_colours=256, cell_px=(8, 16))
SIZES = [(160, 45), (120, 40), (100, 30), (99, 30), (80, 24), (40, 12), (30, 8)]


# --- where it lies -------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("frames", [1, 6])
async def test_the_canvas_is_where_it_was_foretold(tmp_path: Path, size: tuple[int, int], frames: int) -> None:
    task = dataclasses.replace(labelled(), task=clip(frames=frames))
    folder = build(tmp_path / "p", [task])
    async with sitting(folder, size=size) as desk:
        x, y, width, height = desk.editor.canvas.region
        foretold = canvas_cells(*size, still=frames == 1)

    assert (foretold.x0, foretold.y0, foretold.width, foretold.height) == (x, y, width, height)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("hidden", ["classes", "timeline", "labels attributes issues"])
async def test_the_canvas_is_where_it_was_foretold_among_panes_that_were_changed(
    tmp_path: Path, size: tuple[int, int], hidden: str
) -> None:
    sizes = PaneSizes(left=31, right=27, timeline=6)
    kept = Arrangement(wide=sizes, narrow=sizes, hidden=frozenset(hidden.split()), toolbar=hidden == "classes")
    file = ArrangementFile()
    file.keep(kept)
    file.close(10)
    async with sitting(build(tmp_path / "p", [labelled()]), size=size) as desk:
        x, y, width, height = desk.editor.canvas.region
        foretold = canvas_cells(*size, still=False, arrangement=load_arrangement())

    assert (foretold.x0, foretold.y0, foretold.width, foretold.height) == (x, y, width, height)


# --- what it shows -------------------------------------------------------------------------------


class Opened:
    """A project, and the first picture of its clip in a terminal."""

    def __init__(self, folder: Path, terminal: Terminal, start: Start | None = None) -> None:
        self.project = Project(folder, open_store(folder), "me")
        self.terminal = replace(terminal, columns=120, rows=40)
        self.graphics: Graphics = choose_graphics(self.terminal)
        self.state: TaskState = first_state(self.project, start or Start(task=CLIP), self.project.read(CLIP))
        frame = frame_order(self.project, self.state, self.graphics, self.terminal)
        assert frame is not None
        self.layout = frame.layout
        making = FirstPicture(frame)
        self.ahead = making.ahead()
        self.picture, self.data = making.finish(label_order(self.state))

    def surface(self) -> Surface:
        surface = surface_for(self.graphics, self.terminal, 0)
        assert surface is not None
        return surface

    def close(self) -> None:
        self.project.close()


class Made:
    """A process that has made a picture."""

    ready = True

    def __init__(self, opened: Opened, *, drawn: bool) -> None:
        self._picture = replace(opened.picture, drawn=drawn)
        self.glimpse: Glimpse = glimpse_of(opened.state)
        self.drawn = drawn

    def picture(self) -> EarlyPicture:
        return self._picture

    def bury(self) -> bool:
        return True


class Kept:
    """Frames that are only kept."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []

    def keep(self, unit: object, index: int, fit: object, frame: Frame) -> None:
        self.frames.append(frame)

    def request(self, *asked: object, **how: object) -> Future[Frame]:
        return Future()


@pytest.fixture(params=[KITTY, SIXEL], ids=["kitty", "sixel"])
def opened(request: pytest.FixtureRequest, annotate: Path) -> Iterator[Opened]:
    with closing(Opened(annotate, request.param)) as opened:
        yield opened


def adoption(opened: Opened, frames: Kept, *, drawn: bool) -> Adoption:
    return Adoption(cast("PictureProcess", Made(opened, drawn=drawn)), cast("KeptFrames", frames))


def job(opened: Opened, state: TaskState | None = None) -> Job[Any]:
    return Job(state=state or opened.state, canvas_px=opened.layout.canvas_px, encode=lambda _: None)


def test_the_editor_goes_on_from_it_without_a_pixel(opened: Opened) -> None:
    surface, composer, frames = opened.surface(), Composer(), Kept()
    result = adoption(opened, frames, drawn=True).result(job(opened), composer)
    assert result is not None
    assert isinstance(result.value, Update)
    assert result.elsewhere == (True, True)
    surface.adopt(result.value, result.composed)
    surface.show(result.value, opened.layout)

    again = composer.compose(opened.state, frames.frames[0], opened.layout.canvas_px)
    shown = surface.show(surface.encode(again, opened.layout, Quality.FULL), opened.layout)

    assert shown == (b"", b"")


def test_it_is_the_picture_that_the_editor_makes(opened: Opened) -> None:
    composed = Composer().compose(opened.state, opened.picture.composed.frame, opened.layout.canvas_px)
    surface = opened.surface()
    shown = surface.show(surface.encode(composed, opened.layout, Quality.FULL), opened.layout)

    if opened.graphics.layered:
        early = KittyScreen(120, 40).feed(opened.ahead + opened.data).picture()
        assert np.array_equal(early, KittyScreen(120, 40).feed(shown.ahead + shown.data).picture())
    else:
        assert opened.ahead + opened.data == shown.ahead + shown.data


def test_tags_are_written_where_the_interface_writes_them(annotate: Path) -> None:
    with closing(Opened(annotate, KITTY)) as opened:
        assert b"\x1b[38;2;" in opened.data
        assert b"car (0)" in opened.data
        assert opened.data.endswith(b"\x1b[m")


def test_a_picture_of_another_state_is_taken_back(opened: Opened) -> None:
    unit = opened.state.view.unit
    moved = replace(opened.state, views={"main": replace(opened.state.view, unit=unit, frame=2)})
    for drawn, expected in ((True, (True, False)), (False, None)):
        result = adoption(opened, Kept(), drawn=drawn).result(job(opened, moved), Composer())
        assert (result.elsewhere if result else None) == expected


def test_it_begins_where_it_was_asked_to(annotate: Path) -> None:
    with closing(Opened(annotate, KITTY, Start(task=CLIP, frame=3))) as opened:
        assert opened.state.view.frame == 3
        first = opened.picture.composed.frame.pixels
    with closing(Opened(annotate, KITTY)) as opened:
        assert not np.array_equal(first, opened.picture.composed.frame.pixels)


def test_a_terminal_without_room_gets_no_picture(annotate: Path) -> None:
    with open_project(annotate) as project:
        state = first_state(project, Start(task=CLIP), project.read(CLIP))
        narrow = replace(KITTY, columns=10, rows=40)
        assert frame_order(project, state, choose_graphics(narrow), narrow) is None
        blind = replace(KITTY, cell_px=None)
        assert frame_order(project, state, choose_graphics(KITTY), blind) is None


def test_of_a_long_sequence_only_the_file_of_the_frame_is_told(tmp_path: Path) -> None:
    folder = build(tmp_path / "p", [ImportedTask(task=clip(frames=5000), document=labelled().document)])
    with open_project(folder) as project:
        state = first_state(project, Start(task=CLIP, frame=4001), project.read(CLIP))
        order = frame_order(project, state, choose_graphics(KITTY), KITTY)

    assert order is not None
    assert (order.unit.media.paths, order.index) == (("5.png",), 0)


def test_for_a_video_its_decoder_is_loaded() -> None:
    get_ready(lambda: False, video=True)

    assert "av" in sys.modules


def test_getting_ready_ends_with_the_order() -> None:
    asked = iter([False, True])

    get_ready(lambda: next(asked))

    assert next(asked, None) is None


# --- how the canvas takes it over ------------------------------------------------------------------


class Pipe:
    """A pipeline that works when it is told to, and has an answer to its first job."""

    answers_at_once = True

    def __init__(self, first: Adoption) -> None:
        self._first: Adoption | None = first
        self.composer = Composer()
        self.jobs: list[Job[Any]] = []

    def at_once(self, job: Job[Any]) -> Result[Any] | None:
        first, self._first = self._first, None
        return first.result(job, self.composer) if first is not None else None

    def start(self, job: Job[Any]) -> None:
        self.jobs.append(job)

    def moved_to(self, *_: object) -> None: ...

    def work(self, frame: Frame) -> Result[Any]:
        """Do the job that waits."""
        job = self.jobs.pop()
        assert job.state is not None
        composed = self.composer.compose(job.state, frame, job.canvas_px)
        return Result(job=job, value=job.encode(composed), composed=composed)


def kept(opened: Opened, *, drawn: bool = True) -> tuple[Keeper, Pipe, Sent]:
    pipe, sent = Pipe(adoption(opened, Kept(), drawn=drawn)), Sent()
    keeper = Keeper(Canvas(opened.layout), opened.surface(), cast("Port", sent), cast("Pipeline[Any]", pipe))
    return keeper, pipe, sent


def test_a_picture_that_is_seen_costs_nothing(opened: Opened) -> None:
    keeper, pipe, sent = kept(opened)
    keeper.show(opened.state)

    assert keeper.settled
    assert keeper.frame is not None
    assert (sent.data, pipe.jobs) == (b"", [])


def test_a_picture_that_was_only_made_is_sent(opened: Opened) -> None:
    keeper, pipe, sent = kept(opened, drawn=False)
    keeper.show(opened.state)

    assert keeper.settled
    assert sent.data[: len(opened.ahead)] == opened.ahead
    assert pipe.jobs == []


def test_of_a_picture_of_another_state_nothing_stays(annotate: Path) -> None:
    with closing(Opened(annotate, KITTY)) as opened:
        keeper, pipe, sent = kept(opened)
        other = replace(opened.state, views={"main": replace(opened.state.view, frame=2)})
        frame = Opened(annotate, KITTY, Start(task=CLIP, frame=2))
        keeper.show(other)
        keeper.delivered(pipe.work(frame.picture.composed.frame))
        screen = KittyScreen(120, 40).feed(opened.ahead + opened.data + sent.data)
        wanted = KittyScreen(120, 40).feed(frame.ahead + frame.data)
        frame.close()

    assert keeper.settled
    assert np.array_equal(screen.picture(), wanted.picture())
    assert not screen.refused
