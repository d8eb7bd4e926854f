from __future__ import annotations

import pytest

from tui_editor.api.demo.ontology import answer, attribute_id, build_ontology, option_id
from tui_editor.model.ontology import AttributeKind, walk
from tui_editor.model.shapes import ShapeKind

ATTRIBUTES = [a for entry in build_ontology().all() for a in walk(entry.attributes)]


def test_the_ontology_has_a_class_for_every_drawn_shape() -> None:
    assert set(ShapeKind) - {ShapeKind.PRESENCE, ShapeKind.VERBATIM} == {c.shape for c in build_ontology().classes}


@pytest.mark.parametrize("dynamic", [False, True])
def test_every_kind_of_attribute_is_asked_once_for_all_and_over_time(dynamic: bool) -> None:
    assert set(AttributeKind) == {a.kind for a in ATTRIBUTES if a.dynamic is dynamic}


def test_some_attributes_are_required_and_some_nested() -> None:
    nested = {a.name for a in ATTRIBUTES} - {a.name for e in build_ontology().all() for a in e.attributes}
    assert {"Licence number", "Axles", "Weather"} == nested
    assert any(a.required and a.dynamic for a in ATTRIBUTES)
    assert any(a.required and not a.dynamic for a in ATTRIBUTES)


def test_classifications_are_global_and_of_frames() -> None:
    found = {c.is_global for c in build_ontology().classifications}
    assert {True, False} == found


def test_ids_and_hotkeys_are_unique() -> None:
    entries = build_ontology().all()
    ids = [e.id for e in entries] + [a.id for a in ATTRIBUTES] + [o.id for a in ATTRIBUTES for o in a.options]
    assert len(set(ids)) == len(ids)
    hotkeys = [e.hotkey for e in entries if e.hotkey]
    assert len(set(hotkeys)) == len(hotkeys)


def test_the_skeletons_edges_join_points_of_its_template() -> None:
    (template,) = [c.skeleton for c in build_ontology().classes if c.skeleton is not None]
    assert {i for edge in template.edges for i in edge} == set(range(len(template.points)))
    assert all(0 <= p.x <= template.width and 0 <= p.y <= template.height for p in template.points)


def test_answers_are_given_by_label() -> None:
    assert (attribute_id("Car", "Doors"), 5) == answer("Car", "Doors", 5)
    assert (attribute_id("Car", "Plate"), "KX 207") == answer("Car", "Plate", "KX 207")
    assert (attribute_id("Car", "Type"), (option_id("Car", "Type", "Van"),)) == answer("Car", "Type", "Van")
    two = (option_id("Car", "Hidden by", "Tree"), option_id("Car", "Hidden by", "Vehicle"))
    assert (attribute_id("Car", "Hidden by"), two) == answer("Car", "Hidden by", ("Vehicle", "Tree"))
    with pytest.raises(KeyError):
        answer("Car", "Altitude", 3)
