"""An ontology that was read from Encord's JSON and changed here is written so that it reads back the same."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.encord.documents import ONTOLOGY
from tests.support.ontology_steps import changed
from tui_editor.formats.encord.ontology_json import ontology_json
from tui_editor.formats.encord.ontology_read import read_ontology
from tui_editor.formats.encord.places import Place
from tui_editor.model.codec import slim

if TYPE_CHECKING:
    from tui_editor.model.ontology import Ontology


def through_json(ontology: Ontology) -> Ontology:
    return read_ontology(json.loads(json.dumps(ontology_json(ontology))), Place("o"))


def plain(ontology: Ontology) -> Any:
    """Return what an ontology says, without the residues of the file that it came from."""
    said = [{**slim(entry), "extra": None} for entry in ontology.all()]
    return json.loads(json.dumps(said, default=str))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_changes_read_back_the_same(data: st.DataObject) -> None:
    ontology = data.draw(changed(through_json(ONTOLOGY)))
    assert plain(through_json(ontology)) == plain(ontology)
