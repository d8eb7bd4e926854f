"""Any document over any shape survives writing and reading, and means the same to the SDK."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings

from tests.formats.encord.documents import ONTOLOGY, PROJECT, documents, ordered, with_ids_of
from tests.formats.encord.sdk import Sdk, differences, newer
from tui_editor.formats.encord import FORMAT
from tui_editor.formats.encord.ontology_json import ontology_json
from tui_editor.formats.encord.ontology_read import read_ontology
from tui_editor.formats.encord.places import Place
from tui_editor.ports import ImportedTask, ImportOptions

if TYPE_CHECKING:
    import pytest

_SETTINGS = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)


@_SETTINGS
@given(documents())
def test_a_document_reads_back_the_same(item: ImportedTask) -> None:
    with tempfile.TemporaryDirectory() as folder:
        FORMAT.write(PROJECT, [item], Path(folder))
        again = next(FORMAT.read(Path(folder), ImportOptions()).tasks())
    assert ordered(item.document).same(with_ids_of(again, item))
    assert (again.task.title, again.task.priority) == (item.task.title, item.task.priority)
    facts = [(u.kind, u.frame_count, u.size(0), u.frame_sizes, u.fps, u.media.paths) for u in item.task.units]
    assert facts == [(u.kind, u.frame_count, u.size(0), u.frame_sizes, u.fps, u.media.paths) for u in again.task.units]


@_SETTINGS
@given(item=documents(plain=True))
def test_the_sdk_writes_back_a_new_document(item: ImportedTask, monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory() as folder:
        FORMAT.write(PROJECT, [item], Path(folder))
        (row,) = json.loads((Path(folder) / "labels.json").read_text())
        ontology = json.loads((Path(folder) / "ontology.json").read_text())
    back = Sdk(ontology, monkeypatch).written_back(row)
    assert differences(newer(row), newer(back)) == []


def test_the_ontology_reads_back_equal() -> None:
    again = read_ontology(json.loads(json.dumps(ontology_json(ONTOLOGY))), Place("o"))
    assert (again.classes, again.classifications) == (ONTOLOGY.classes, ONTOLOGY.classifications)
