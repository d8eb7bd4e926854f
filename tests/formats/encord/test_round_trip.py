"""What was read and not edited is written as it was; what was edited is what the SDK reads."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.formats.encord.sdk import Sdk, differences, newer
from tests.support.data import shared_data
from tui_editor.formats.encord import FORMAT
from tui_editor.formats.encord.ontology_json import ontology_json
from tui_editor.formats.encord.ontology_read import read_ontology
from tui_editor.formats.encord.places import Place
from tui_editor.model.ids import ProjectId
from tui_editor.model.project import Project
from tui_editor.ports import ImportedTask, ImportOptions

if TYPE_CHECKING:
    from pathlib import Path

MADE = ("image_all_shapes", "image_group", "video")
SAMPLES = (
    *(f"encord_samples/{name}.{kind}.json" for name in MADE for kind in ("sdk", "export")),
    *(f"encord_samples/{name}.sdk.json" for name in ("audio", "text", "data_group_spaces")),
    *(f"encord/{name}_labels.json" for name in ("dicom", "image_group", "native_image", "skeleton", "video_dynamic")),
)


def _rows(path: Path) -> list[dict[str, Any]]:
    found = json.loads(path.read_text())
    return found if isinstance(found, list) else [found]


def _read(path: Path) -> tuple[Project, list[ImportedTask]]:
    source = FORMAT.read(path, ImportOptions())
    tasks = list(source.tasks())
    return Project(id=ProjectId(1), name="samples", ontology=source.ontology), tasks


def _exported(project: Project, tasks: list[ImportedTask], folder: Path) -> list[dict[str, Any]]:
    FORMAT.write(project, tasks, folder)
    return _rows(folder / "labels.json")


@pytest.mark.parametrize("sample", SAMPLES)
def test_an_untouched_row_is_written_value_for_value(sample: str, tmp_path: Path) -> None:
    path = shared_data(sample)
    project, tasks = _read(path)
    assert differences(_rows(path), _exported(project, tasks, tmp_path / "out")) == []


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_row_without_its_ontology_is_written_value_for_value(sample: str, tmp_path: Path) -> None:
    path = tmp_path / "labels.json"
    path.write_bytes(shared_data(sample).read_bytes())
    source = FORMAT.read(path, ImportOptions())
    project = Project(id=ProjectId(1), name="alone", ontology=source.ontology)
    assert differences(_rows(path), _exported(project, list(source.tasks()), tmp_path / "out")) == []
    assert source.losses()[0].what.startswith("ontology derived from the labels")


@pytest.mark.parametrize("name", ["encord_samples/ontology_all.json", "encord/*ontology*.json"])
def test_an_untouched_ontology_is_written_as_it_was(name: str) -> None:
    for path in shared_data().glob(name):
        source = json.loads(path.read_text())
        assert (path.name, ontology_json(read_ontology(source, Place(str(path))))) == (path.name, source)


@pytest.mark.parametrize("sample", [f"encord_samples/{n}.{k}.json" for n in MADE for k in ("sdk", "export")])
def test_the_sdk_writes_back_what_we_export(sample: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project, tasks = _read(shared_data(sample))
    rows = _exported(project, tasks, tmp_path / "out")
    sdk = Sdk(json.loads((tmp_path / "out" / "ontology.json").read_text()), monkeypatch)
    for row in rows:
        assert differences(newer(row), newer(sdk.written_back(row))) == []


def test_the_sdk_reads_the_ontology_that_we_export(monkeypatch: pytest.MonkeyPatch) -> None:
    source = json.loads(shared_data("encord_samples/ontology_all.json").read_text())
    assert Sdk(ontology_json(read_ontology(source, Place("o"))), monkeypatch).ontology_json == source
