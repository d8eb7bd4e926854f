"""The filter language: what words mean, and which instances pass."""

from __future__ import annotations

import pytest

from tests.support.doctext import ONTOLOGY, document
from tui_editor.errors import UsageError
from tui_editor.model.document import LabelDocument, make_document
from tui_editor.model.ids import InstanceId
from tui_editor.state.filters import parse_filter, passes
from tui_editor.state.view import Filters

TEXT = """
car@0 box 1,1 2,2 approved
car(1)@0 box 1,1 2,2 rejected
van@0 box 1,1 2,2
eye@0 point 1,1
issue label car(1)@0 "open one"
issue label van@0 "done" resolved
"""


def scored() -> LabelDocument:
    from dataclasses import replace

    import numpy as np

    found = document(TEXT)
    tracks = {
        key: replace(track, confidence=np.full(len(track), key[0] / 10, np.float32))
        for key, track in found.tracks.items()
    }
    made = [replace(i, created_by="ann" if i.id < 3 else "bob") for i in found.instances.values()]
    return make_document(
        instances=made, tracks=tracks, issues=found.issues.values(), decisions=dict(found.decisions.items())
    )


NAMES = {1: "car", 2: "car(1)", 3: "van", 4: "eye"}


@pytest.mark.parametrize(
    ("text", "let_through"),
    [
        ("", "car car(1) van eye"),
        ("class:car", "car car(1)"),
        ("class:CA", "car car(1)"),
        ("class:car class:van", "car car(1) van"),
        ("score<0.2", "car car(1)"),
        ("score>30%", "van eye"),
        ("α>=0.15 confidence<=0.35", "car(1) van"),
        ("state:approved", "car"),
        ("state:pend", "van eye"),
        ("state:approved state:rejected", "car car(1)"),
        ("issue:open", "car(1)"),
        ("issue:none", "car van eye"),
        ("author:bob", "van eye"),
        ("ar", "car car(1)"),
        ("CAR (1)", "car(1)"),
        ("class:car state:pending", ""),
        ("wheel", ""),
        ("a:b", ""),
    ],
)
def test_words_let_through(text: str, let_through: str) -> None:
    found, filters = scored(), parse_filter(text, ONTOLOGY)
    assert let_through.split() == [NAMES[i] for i in sorted(NAMES) if passes(filters, found, ONTOLOGY, InstanceId(i))]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("class:plane", "no class begins with plane"),
        ("state:", "no review state"),
        ("state:odd", "no review state is called odd"),
        ("issue:maybe", "issue:open or issue:none"),
        ("score<1.2.3", "not a number"),
    ],
)
def test_what_is_no_filter_is_refused(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse_filter(text, ONTOLOGY)


def test_the_typed_text_is_kept_with_what_it_means() -> None:
    assert parse_filter("  class:car ", ONTOLOGY).text == "class:car"
    assert parse_filter("", ONTOLOGY) == Filters()


def test_an_instance_that_is_gone_does_not_pass() -> None:
    assert not passes(Filters(), document(""), ONTOLOGY, InstanceId(1))


def test_escapes_in_a_wrong_word_are_made_harmless() -> None:
    with pytest.raises(UsageError) as caught:
        parse_filter("class:\x1b[2Jx", ONTOLOGY)
    assert "\x1b" not in str(caught.value)
