"""Times, shapes, media paths and residues on their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.data import shared_data
from tui_editor.formats.encord.census import Census
from tui_editor.formats.encord.geometry import read_shape, write_shape
from tui_editor.formats.encord.media_paths import MediaFinder
from tui_editor.formats.encord.residue import close, residue, restored
from tui_editor.formats.encord.times import format_ms, iso_ms, parse_ms
from tui_editor.model.ids import AttributeId, ClassId
from tui_editor.model.masks import area, bitmask_from_row_major
from tui_editor.model.ontology import AttributeKind, ObjectClass, Ontology
from tui_editor.model.shapes import RotatedBox, ShapeKind, rotated_corners

if TYPE_CHECKING:
    from pathlib import Path

NINE_THIRTY = 1_768_469_400_000


@pytest.mark.parametrize(
    "text",
    [
        "Thu, 15 Jan 2026 09:30:00 UTC",
        "Thu, 15 Jan 2026 09:30:00 GMT",
        "2026-01-15 09:30:00",
        "2026-01-15T09:30:00",
        "2026-01-15T09:30:00Z",
        "2026-01-15T10:30:00+01:00",
        "2026-01-15T09:30:00.000+00:00",
    ],
)
def test_a_time_is_read_in_every_spelling(text: str) -> None:
    assert parse_ms(text) == NINE_THIRTY


@pytest.mark.parametrize("value", [None, 17, "", "soon", "Thu, 15 Jan", "Thu, 41 Jan 2026 09:30:00 UTC"])
def test_what_is_no_time_is_unknown(value: object) -> None:
    assert parse_ms(value) == 0


@given(st.integers(0, 4_000_000_000_000))
def test_times_survive_writing_and_reading(at_ms: int) -> None:
    assert (parse_ms(format_ms(at_ms)), parse_ms(iso_ms(at_ms))) == (at_ms // 1000 * 1000, at_ms)


def test_a_turned_box_is_turned_in_pixels_about_its_centre() -> None:
    source = {"rotatableBoundingBox": {"x": 0.25, "y": 0.25, "w": 0.5, "h": 0.5, "theta": 90.0}}
    shape = read_shape(source, ShapeKind.ROTATED_BOX, (200, 100))
    assert isinstance(shape, RotatedBox)
    # 100 × 50 about (100, 50): a quarter turn clockwise takes the top left corner to the top right
    assert rotated_corners(shape)[0].round(9).tolist() == [125.0, 0.0]
    assert write_shape(shape, (200, 100)) == source


def test_every_mask_of_the_sdk_is_read_and_written() -> None:
    import json

    vectors = json.loads(shared_data("encord_samples/bitmask_rle_vectors.json").read_text())
    for vector in vectors:
        inner = vector["bitmask"]
        size = (inner["width"], inner["height"])
        shape = read_shape({"bitmask": inner}, ShapeKind.BITMASK, size)
        assert write_shape(shape, size) == {"bitmask": inner}, vector["name"]
        assert area(bitmask_from_row_major(inner["rleString"], *size)) == vector["set_pixels"]


_json: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.text(max_size=2)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("abcd"), inner, max_size=3)),
    max_leaves=8,
)
_objects = st.dictionaries(st.sampled_from("abcd"), _json, max_size=4)
_items = st.lists(st.fixed_dictionaries({"featureHash": st.sampled_from("xyz"), "v": _json}), max_size=4)
_sources = st.builds(lambda o, i: o | {"list": i}, _objects, _items)


@given(_sources, _sources)
def test_a_residue_restores_the_source(source: dict[str, Any], ours: dict[str, Any]) -> None:
    assert close(restored(ours, residue(source, ours)), source)


@given(_objects)
def test_equal_values_leave_no_residue(value: dict[str, Any]) -> None:
    assert residue(value, value) == {}


def test_an_edit_wins_over_a_residue() -> None:
    node = residue({"a": 1, "b": 2, "new": 5}, {"a": 7, "b": 8})
    assert restored({"a": 7, "b": 9}, node) == {"a": 1, "b": 9, "new": 5}


@pytest.mark.parametrize(
    ("title", "path"),
    [
        ("a/b.png", "a/b.png"),
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("C:\\pics\\a.png", "pics/a.png"),
        ("\0..", "fallback"),
        ("", "fallback"),
    ],
)
def test_a_media_path_stays_below_its_folder(tmp_path: Path, title: str, path: str) -> None:
    assert MediaFinder(tmp_path).path_of(title, "fallback") == path


def test_a_file_is_found_by_name_below_the_media_folder(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.png").touch()
    finder = MediaFinder(tmp_path, search=True)
    assert (finder.path_of("x/a.png"), finder.path_of("b.png")) == ("deep/a.png", "b.png")


def test_a_missing_size_is_taken_from_the_picture(tmp_path: Path) -> None:
    from PIL import Image

    Image.new("L", (31, 17)).save(tmp_path / "a.png")
    (tmp_path / "b.png").write_bytes(b"no picture")
    finder = MediaFinder(tmp_path)
    assert [finder.image_size(n) for n in ("a.png", "b.png", "c.png")] == [(31, 17), None, None]


def test_classes_are_derived_from_what_rows_use() -> None:
    def entry(name: str, answers: object) -> dict[str, object]:
        return {"name": name, "featureHash": name.lower(), "answers": answers}

    option = {"name": "Red", "value": "red", "featureHash": "red"}
    labels = {"objects": [{"objectHash": "h", "featureHash": "car", "name": "Car", "color": "#123456",
                           "shape": "bounding_box"}], "classifications": []}  # fmt: skip
    entries = [entry("Plate", "x"), entry("Seats", 5), entry("Colour", [option]), entry("Parts", [option, option])]
    census = Census()
    census.add({"data_units": {"d": {"labels": labels}}, "object_answers": {"h": {"classifications": entries}}})
    ontology, added = census.completed(Ontology())
    car = ontology.find(ClassId("car"))
    assert isinstance(car, ObjectClass)
    assert (added, car.name, car.color, car.shape) == (1, "Car", "#123456", ShapeKind.BOX)
    assert {a.id: a.kind for a in car.attributes} == {
        AttributeId("plate"): AttributeKind.TEXT,
        AttributeId("seats"): AttributeKind.NUMERIC,
        AttributeId("colour"): AttributeKind.RADIO,
        AttributeId("parts"): AttributeKind.CHECKLIST,
    }
