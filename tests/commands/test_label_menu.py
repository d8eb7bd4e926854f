"""The menu of a label: by shape and medium first what the web editor offers and nothing else, then what is ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from tests.support.doctext import PROJECT, TASK, case, document
from tui_editor.commands.headless import HeadlessFront, Keyboard
from tui_editor.commands.label_menu import ENTRIES, LINE, entries_for
from tui_editor.commands.table import by_id
from tui_editor.model.frames import UnitKind
from tui_editor.model.shapes import ShapeKind
from tui_editor.ports import OpenedTask
from tui_editor.state.store import TaskStore
from tui_editor.state.view import Mode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui_editor.commands.context import Choice

LABELS = {
    ShapeKind.BOX: "car@0 box 10,10 20,20",
    ShapeKind.ROTATED_BOX: "ship@0 rbox 10,10 40,20 0",
    ShapeKind.POLYGON: "lake@0 polygon 10,10 50,10 50,50\nlake(1)@0 polygon 100,10 150,10 150,50",
    ShapeKind.POLYLINE: "lane@0 line 0,0 30,0",
    ShapeKind.KEYPOINT: "eye@0 point 3,4",
    ShapeKind.BITMASK: "road@0 mask 10,10 2,2 0,4\nroad(1)@0 mask 20,10 2,2 0,4",
    ShapeKind.SKELETON: "hand@0 skeleton 40,90,1 10,10,1 70,10,1",
}
FRAMES = "video image_group image_sequence"
ALL = "image video image_group image_sequence dicom nifti"
COMMON = (
    ("Split object track", ALL),
    ("Change class", ALL),
    ("Copy identifier", ALL),
    ("Delete object", ALL),
    ("Copy URL", ALL),
)
TABLE = {
    ShapeKind.BOX: (("Track from this frame", FRAMES), ("Interpolate", FRAMES), *COMMON),
    ShapeKind.ROTATED_BOX: (("Track from this frame", FRAMES), ("Interpolate", FRAMES), *COMMON),
    ShapeKind.POLYGON: (
        ("Interpolate", ALL),
        *COMMON,
        ("Track from this frame", "video"),
        ("Edit with brush", ALL),
        ("Freehand edge touchup", ALL),
        ("Merge with another polygon", ALL),
        ("Subtract another polygon", ALL),
    ),
    ShapeKind.POLYLINE: (
        ("Track from this frame", FRAMES),
        ("Interpolate", ALL),
        *COMMON,
        ("Freehand edge touchup", ALL),
    ),
    ShapeKind.KEYPOINT: (("Track from this frame", FRAMES), ("Interpolate", FRAMES), *COMMON),
    ShapeKind.BITMASK: (
        ("Interpolate", FRAMES),
        *COMMON[1:],
        ("Select more bitmasks to combine", ALL),
        ("Track from this frame", "video"),
    ),
    ShapeKind.SKELETON: (("Track from this frame", FRAMES), ("Interpolate", FRAMES), *COMMON[1:]),
}
"""The web editor's table of right clicks, row by row: shape, entry, media."""
MEDIA = [UnitKind(name) for name in ALL.split()]
CASES = [
    (kind, title, medium, medium.value in media.split())
    for kind, rows in TABLE.items()
    for title, media in rows
    for medium in MEDIA
]


class Menu(HeadlessFront):
    """Remembers what a picker offered."""

    offered: tuple[Choice, ...] = ()

    def pick(
        self, title: str, choices: Sequence[Choice], done: Callable[[tuple[str, ...]], None], *, many: bool = False
    ) -> None:
        self.offered = tuple(choices)
        super().pick(title, choices, done, many=many)


def offered(kind: ShapeKind, medium: UnitKind, *, stage: str = "annotate") -> tuple[Choice, ...]:
    """Return what the menu of a label offers on a medium."""
    units = (replace(TASK.units[0], kind=medium),)
    opened = OpenedTask(task=replace(TASK, units=units), document=document(LABELS[kind], stage), seq=0, view={})
    store = TaskStore(opened, PROJECT, person="me")
    store.set(mode=Mode.REVIEW if stage == "review" else Mode.BROWSE)
    front = Menu()
    Keyboard(store, front).type("j ,")
    assert front.warnings == []
    return front.offered


@pytest.mark.parametrize(("kind", "title", "medium", "there"), CASES)
def test_an_entry_is_offered_on_its_media_and_on_no_others(
    kind: ShapeKind, title: str, medium: UnitKind, there: bool
) -> None:
    found = [c for c in offered(kind, medium) if c.label == title]
    assert bool(found) is there
    assert all(c.key for c in found)


@pytest.mark.parametrize("medium", MEDIA)
@pytest.mark.parametrize("kind", list(TABLE))
def test_the_entries_of_the_web_editor_come_first_in_its_order_and_no_others(kind: ShapeKind, medium: UnitKind) -> None:
    labels = [c.label for c in offered(kind, medium)]
    first = labels[: labels.index(LINE)]
    assert first == [title for title, media in TABLE[kind] if medium.value in media.split()]
    assert "Edit the shape" in labels[labels.index(LINE) :]


def test_the_keys_beside_entries_are_those_that_do_it_from_here() -> None:
    choices = {c.label: c.hint for c in offered(ShapeKind.POLYGON, UnitKind.VIDEO)}
    assert (choices["Change class"], choices["Edit with brush"]) == ("c", "e b")


def test_an_entry_that_cannot_run_says_why() -> None:
    choices = {c.label: c for c in offered(ShapeKind.BOX, UnitKind.VIDEO)}
    assert "not built yet" in choices["Track from this frame"].disabled
    assert not choices["Copy identifier"].disabled


def test_each_entry_leads_to_a_command_that_there_is() -> None:
    names = {entry.command for entries in ENTRIES.values() for entry in entries}
    assert names <= set(by_id())
    assert entries_for(ShapeKind.VERBATIM, UnitKind.IMAGE)


@pytest.mark.parametrize(
    ("kind", "pick", "after"),
    [
        (ShapeKind.BOX, ("Change class", "van"), "van@0 box 10,10 20,20"),
        (ShapeKind.KEYPOINT, ("Delete object",), ""),
    ],
)
def test_what_is_picked_is_done(kind: ShapeKind, pick: tuple[str, ...], after: str) -> None:
    keyboard = case(LABELS[kind], "j ,", after, answers=pick)
    assert keyboard.front.warnings == []


def test_the_menu_of_review_offers_the_decisions() -> None:
    labels = [c.label for c in offered(ShapeKind.BOX, UnitKind.VIDEO, stage="review")]
    assert "Approve the object" in labels[labels.index(LINE) :]
    assert "Reject the object" in labels[labels.index(LINE) :]
