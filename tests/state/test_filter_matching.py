"""What a filter lets through of a whole document: the same found by columns, one by one, and kept up with edits."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.support.doctext import ONTOLOGY, UNIT, document, opened
from tui_editor.edits import labels
from tui_editor.edits.stamp import Stamp
from tui_editor.model.frames import FrameRef
from tui_editor.model.ids import ClassId, InstanceId
from tui_editor.model.shapes import Box
from tui_editor.state import selectors
from tui_editor.state.filters import columns, matching, parse_filter
from tui_editor.state.filters.matching import Matcher, passes

if TYPE_CHECKING:
    from tui_editor.state.view import Filters

STAMP = Stamp("me", 7)
FILTERS = [
    "class:car",
    "frames:3-5",
    "-frames:0-4 class:car",
    "(1)",
    "origin:manual",
    "score<1",
    "track:gap",
    "text:van",
]


def many(cars: int = 30) -> str:
    lines = [f"car({n})@{frame} box 1,1 {n + 1},9" for n in range(cars) for frame in range(0, n % 7 + 1, 2)]
    return "\n".join([*lines, "van@3 box 1,1 2,2", "night@4 present"])


def found_by(matcher: Matcher, found: object, filters: Filters) -> dict[InstanceId, list[int]]:
    made = matcher.of(found, filters, ONTOLOGY)  # type: ignore[arg-type]
    return {part.instance: part.frames.tolist() for part in made.labels()}


@pytest.fixture(params=[(500, 100_000), (4, 100_000), (500, 5)])
def blocks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "BLOCK_TRACKS", request.param[0])
    monkeypatch.setattr(columns, "BLOCK_LABELS", request.param[1])


@pytest.mark.usefixtures("blocks")
@pytest.mark.parametrize("text", FILTERS)
def test_columns_say_of_each_instance_what_it_says_by_itself(text: str) -> None:
    found, filters = document(many()), parse_filter(text, ONTOLOGY)
    made = Matcher().of(found, filters, ONTOLOGY)
    assert made.instances == {i for i in found.instances if passes(filters, found, ONTOLOGY, i)}
    assert made.instances == {part.instance for part in made.labels()}
    for frame in range(8):
        here = {part.instance for part in made.labels() if frame in part.frames}
        assert made.on_frame(UNIT, frame) == here


@pytest.mark.parametrize("text", FILTERS)
def test_what_passes_after_edits_is_what_is_found_afresh(text: str) -> None:
    filters, matcher = parse_filter(text, ONTOLOGY), Matcher()
    found = document(many())
    found_by(matcher, found, filters)
    for step in range(40):  # more than a document tells of its past
        target = InstanceId(step % 20 + 1)
        if step % 3 == 0 and target in found.instances:
            patch = labels.set_class(found, ONTOLOGY, [target], ClassId("van" if step % 2 else "car"))
        elif step % 3 == 1 and target in found.instances:
            patch = labels.put_label(found, target, FrameRef(UNIT, step % 9), Box(1, 1, 5, 5), STAMP)
        else:
            patch = labels.delete_labels(found, [target], FrameRef(UNIT, 0))
        found = found.apply(patch)
        assert found_by(matcher, found, filters) == found_by(Matcher(), found, filters)
        made = matcher.of(found, filters, ONTOLOGY)
        assert made.on_frame(UNIT, 4) == Matcher().of(found, filters, ONTOLOGY).on_frame(UNIT, 4)


def test_an_edit_leaves_the_columns_as_they_are() -> None:
    filters, matcher, found = parse_filter("class:car", ONTOLOGY), Matcher(), document(many())
    first = matcher.of(found, filters, ONTOLOGY)
    patch = labels.delete_instance(found, InstanceId(1))
    second = matcher.of(found.apply(patch), filters, ONTOLOGY)
    assert first.parts is second.parts
    assert first.instances - second.instances == {InstanceId(1)}
    assert matcher.of(found, filters, ONTOLOGY) is first  # a picture may still be made of the state before


def test_another_filter_takes_over_the_columns() -> None:
    matcher, found = Matcher(), document(many())
    first = matcher.of(found, parse_filter("class:car", ONTOLOGY), ONTOLOGY)
    patch = labels.delete_instance(found, InstanceId(2))
    second = matcher.of(found.apply(patch), parse_filter("frames:0", ONTOLOGY), ONTOLOGY)
    assert [block for block, _ in first.parts] == [block for block, _ in second.parts]
    assert InstanceId(2) not in second.instances


def test_what_was_found_step_by_step_is_not_looked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "BLOCK_TRACKS", 5)
    matcher, found, filters = Matcher(), document(many()), parse_filter("class:car", ONTOLOGY)
    assert len(list(matcher.steps(found, filters, ONTOLOGY))) > 6
    calls = count()
    monkeypatch.setattr(matching, "passing_labels", lambda *_: next(calls))
    assert len(matcher.of(found, filters, ONTOLOGY).instances) == 30
    assert list(matcher.steps(found, filters, ONTOLOGY)) == []
    assert next(calls) == 0


def test_lists_hold_what_passes_and_stay_the_same_while_nothing_changes() -> None:
    store = opened(many())
    store.set(filters=parse_filter("class:car frames:4", ONTOLOGY))
    everything = selectors.listed(store.state)
    assert len(everything) == 12
    assert selectors.listed(store.state) is everything
    assert selectors.on_frame(store.state) == ()
    store.go(UNIT, 4)
    assert selectors.on_frame(store.state) == everything


def test_a_frame_of_another_unit_has_none() -> None:
    made = Matcher().of(document(many()), parse_filter("class:car", ONTOLOGY), ONTOLOGY)
    assert made.on_frame(InstanceId(99), 0) == frozenset()  # type: ignore[arg-type]
    assert np.array_equal(made.frames(document(many()), InstanceId(7), UNIT), [0, 2, 4, 6])
