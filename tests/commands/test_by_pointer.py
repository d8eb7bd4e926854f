"""What the pointer does are commands: done once more on the next object, recorded and played, refused with a reason."""

from __future__ import annotations

import pytest

from tests.support.doctext import case, opened, text_of
from tui_editor.commands.by_pointer import places
from tui_editor.commands.headless import Keyboard

TWO = "car@0 box 10,10 20,20\ncar(1)@0 box 50,50 20,20"
LAKES = "lake@0 polygon 10,10 50,10 50,50 10,50\nlake(1)@0 polygon 110,10 150,10 150,50 110,50"


@pytest.mark.parametrize(
    ("text", "line", "after"),
    [
        (TWO, "geometry.move 5,-3", "car@0 box 15,7 20,20\ncar(1)@0 box 55,47 20,20"),
        (TWO, "geometry.drag 5 5,10", "car@0 box 10,10 25,30\ncar(1)@0 box 50,50 25,30"),
        (
            LAKES,
            "geometry.drag 3 10,10",
            "lake@0 polygon 10,10 50,10 60,60 10,50\nlake(1)@0 polygon 110,10 150,10 160,60 110,50",
        ),
        (
            LAKES,
            "geometry.add_vertex 1 20,1",
            "lake@0 polygon 10,10 30,11 50,10 50,50 10,50\nlake(1)@0 polygon 110,10 130,11 150,10 150,50 110,50",
        ),
        (
            LAKES,
            "geometry.remove_vertex 2",
            "lake@0 polygon 10,10 50,50 10,50\nlake(1)@0 polygon 110,10 150,50 110,50",
        ),
    ],
)
def test_what_a_drag_or_a_click_did_is_repeated_and_played(text: str, line: str, after: str) -> None:
    repeated = Keyboard(opened(text))
    repeated.type("j")
    assert repeated.line(line)
    repeated.type(".")
    played = Keyboard(opened(text))
    played.type("Q a j")
    assert played.line(line)
    played.type("Q & a")
    for keyboard in (repeated, played):
        assert keyboard.front.warnings == []
        assert text_of(keyboard.store.state.document) == text_of(opened(after).state.document)
        keyboard.type("u u")
        assert text_of(keyboard.store.state.document) == text_of(opened(text).state.document)


def test_a_drawing_by_clicks_is_a_part_of_a_macro() -> None:
    keyboard = Keyboard(opened(""))
    keyboard.type("Q a")
    for line in ("draw.polygon lake", "draw.points 10,10", "draw.points 50,10 50,50", "draw.end", "frame.next"):
        assert keyboard.line(line)
    keyboard.type("Q & a")
    lake = "polygon 10,10 50,10 50,50"
    assert text_of(keyboard.store.state.document) == f"lake(1)@1 {lake}\nlake@0 {lake}"


def test_a_stroke_of_the_brush_is_a_part_of_a_macro() -> None:
    keyboard = Keyboard(opened("lake@0 polygon 100,100 140,100 140,140 100,140"))
    keyboard.type("Q a escape j e")
    assert keyboard.line("tool.brush")
    assert keyboard.line("tool.stroke 140,120 180,120")
    keyboard.type("escape escape escape Q")
    after = text_of(keyboard.store.state.document)
    keyboard.type("u & a")
    assert keyboard.front.warnings == []
    assert text_of(keyboard.store.state.document) == after


@pytest.mark.parametrize(
    ("keys", "line", "why"),
    [
        ("", "geometry.move 5,5", "nothing is selected"),
        ("j l", "geometry.move 5,5", "no label on this frame"),
        ("j", "geometry.move nan,5", "is no place"),
        ("j", "geometry.move 5,5 6,6", "is no distance"),
        ("j", "geometry.move 5000,0", "outside"),
        ("j v", "geometry.move -45,0", "outside"),
        ("j", "geometry.drag 1", "is no place"),
        ("j", "geometry.drag 12 5,5", "no handle 12"),
        ("j", "geometry.drag 0 5,5", "no handle 0"),
        ("j", "geometry.drag x 5,5", "no handle's number"),
        ("j", "geometry.drag 9 9000,0", "outside"),
        ("j", "geometry.add_vertex 1 5,5", "only polygons and polylines"),
        ("j", "geometry.remove_vertex 1", "only polygons and polylines"),
        ("j", "draw.points 5,5", "nothing is being drawn"),
        ("j", "draw.end", "nothing is being drawn"),
        ("j", "tool.stroke 5,5", "no tool is in use"),
    ],
)
def test_what_cannot_be_done_is_told_and_nothing_changes(keys: str, line: str, why: str) -> None:
    keyboard = case(TWO, keys, TWO)
    assert not keyboard.line(line)
    assert why in keyboard.front.warnings[-1]
    assert text_of(keyboard.store.state.document) == text_of(opened(TWO).state.document)
    assert not keyboard.store.can_undo()


@pytest.mark.parametrize(("line", "why"), [("9 1,1", "no handle 9"), ("5 1,1", "is no vertex")])
def test_a_vertex_that_is_not_there_is_told(line: str, why: str) -> None:
    for command in ("geometry.add_vertex", "geometry.remove_vertex"):
        keyboard = case(LAKES, "j", LAKES)
        assert not keyboard.line(f"{command} {line}")
        assert why in keyboard.front.warnings[-1]


def test_an_attribute_is_answered_by_its_name() -> None:
    keyboard = Keyboard(opened(TWO))
    keyboard.front.answers.append("Red")
    keyboard.type("Q a j")
    assert keyboard.line("object.answer color")
    keyboard.type("Q & a")
    found = keyboard.store.state.document.instances.values()
    assert [value.answers for value in found] == [{"color": ("red",)}] * 2
    assert not keyboard.line("object.answer size")
    assert keyboard.front.warnings == ["there is no attribute size here (Color, Shade, Speed)"]


def test_places_are_written_to_a_millionth_of_a_pixel_and_read_as_such() -> None:
    assert places([(1.0, -2.5), (0.1 + 0.2, 1e-9)]) == "1,-2.5 0.3,0"
