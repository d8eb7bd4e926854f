"""Ontologies: what Encord has no key for comes back, and what we have no field for as well."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from tests.formats.encord.documents import CAR, ONTOLOGY, PROJECT
from tests.formats.encord.sdk import Sdk
from tests.support.data import shared_data
from tui_editor.formats.encord import FORMAT
from tui_editor.formats.encord.ontology_json import ontology_json
from tui_editor.formats.encord.ontology_read import read_ontology
from tui_editor.formats.encord.places import Place
from tui_editor.model.ids import AttributeId, ClassId
from tui_editor.model.ontology import Attribute, AttributeKind, Classification, Ontology, walk
from tui_editor.model.shapes import ShapeKind
from tui_editor.ports import ImportOptions

if TYPE_CHECKING:
    from pathlib import Path

TEXT = Attribute(id=AttributeId("why"), name="Why", kind=AttributeKind.TEXT, extra={"help": "say it", "pattern": ".+"})
OWN = Ontology(
    classifications=(
        Classification(id=ClassId("bare"), name="Nothing asked", hotkey="n", color="#112233"),
        Classification(id=ClassId("other"), name="Another name", attributes=(TEXT,), required=True),
        Classification(id=ClassId("two"), name="Two", attributes=(replace(TEXT, id=AttributeId("a")), TEXT)),
    )
)


def _again(ontology: Ontology) -> Ontology:
    return read_ontology(json.loads(json.dumps(ontology_json(ontology))), Place("o"))


@pytest.mark.parametrize("ontology", [OWN, ONTOLOGY, Ontology()])
def test_our_own_fields_come_back(ontology: Ontology) -> None:
    again = _again(ontology)
    assert (again.classes, again.classifications) == (ontology.classes, ontology.classifications)


def test_the_sdk_reads_our_own_fields_as_an_ontology(monkeypatch: pytest.MonkeyPatch) -> None:
    titles = [c["attributes"][0]["name"] for c in Sdk(ontology_json(OWN), monkeypatch).ontology_json["classifications"]]
    assert titles == ["Nothing asked", "Why", "Why"]


def test_seven_levels_of_attributes_are_read() -> None:
    car = _again(ONTOLOGY).classes[0]
    levels = [a.name for a in walk(car.attributes) if a.name.startswith("Level")]
    assert levels == [f"Level {n}" for n in range(6, -1, -1)]


def test_a_new_class_gets_an_id_that_no_other_has() -> None:
    source = json.loads(shared_data("encord/all_types_structure_ontology.json").read_text())
    ontology = read_ontology(source, Place("o"))
    grown = dataclasses.replace(ontology, classes=(*ontology.classes, replace(CAR, id=ClassId("new"))))
    ids = [c["id"] for c in ontology_json(grown)["objects"]]
    assert (ids[:-1], ids[-1] in ids[:-1]) == ([c["id"] for c in source["objects"]], False)


def test_an_edited_class_keeps_its_unknown_keys() -> None:
    source: dict[str, Any] = {
        "objects": [{"id": "4", "name": "Car", "color": "#D33115", "shape": "polygon", "featureNodeHash": "c", "x": 1}],
        "classifications": [],
        "version": 3,
    }
    ontology = read_ontology(source, Place("o"))
    renamed = dataclasses.replace(ontology, classes=(replace(ontology.classes[0], name="Lorry"),))
    assert ontology_json(renamed) == source | {"objects": [source["objects"][0] | {"name": "Lorry"}]}


def test_a_shape_without_an_editor_keeps_its_name() -> None:
    (crate,) = (c for c in _samples().classes if c.name == "Crate")
    assert (crate.shape, crate.foreign_shape) == (ShapeKind.VERBATIM, "cuboid_2d")


def test_a_skeleton_template_belongs_to_its_class() -> None:
    (triangle,) = (c for c in _samples().classes if c.skeleton)
    assert triangle.skeleton is not None
    assert ([p.id for p in triangle.skeleton.points], triangle.skeleton.edges) == (
        ["pntHash0", "pntHash1", "pntHash2"],
        ((0, 1), (1, 2), (2, 0)),
    )


def test_a_template_of_no_class_is_kept() -> None:
    source = ontology_json(ONTOLOGY)
    source["skeleton_templates"].append({"template": {"name": "Lost", "feature_node_hash": "nobody"}})
    assert ontology_json(read_ontology(source, Place("o"))) == source


def test_an_ontology_alone_is_a_data_set_without_tasks(tmp_path: Path) -> None:
    FORMAT.write(PROJECT, [], tmp_path)
    source = FORMAT.read(tmp_path / "ontology.json", ImportOptions())
    assert (source.ontology.classes, list(source.tasks())) == (ONTOLOGY.classes, [])


def test_a_folder_with_several_label_files_is_one_data_set() -> None:
    source = FORMAT.read(shared_data("encord_samples"), ImportOptions())
    assert (len(list(source.tasks())), source.total, len(source.ontology.classes)) == (9, 9, 16)


def _samples() -> Ontology:
    path = shared_data("encord_samples/ontology_all.json")
    return read_ontology(json.loads(path.read_text()), Place(str(path)))
