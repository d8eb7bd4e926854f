"""Which instances a review has to judge."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.support.doctext import PROJECT, document
from tui_editor.edits.review import approve
from tui_editor.edits.sampling import sampled
from tui_editor.edits.stamp import Stamp
from tui_editor.edits.workflow import end_review
from tui_editor.errors import Refused
from tui_editor.model.document import LabelDocument, make_document
from tui_editor.model.ids import InstanceId
from tui_editor.model.workflow import Sampling, Workflow

ME = Stamp("me", 1)
TWENTY = document("\n".join(f"car({n})@{n} box 1,1 2,2" for n in range(20)), "review")


def by(authors: str) -> LabelDocument:
    """Return twenty cars of the authors in turn."""
    cars = [replace(car, created_by=authors[n % len(authors)]) for n, car in enumerate(TWENTY.instances.values())]
    return make_document(instances=cars, tracks=dict(TWENTY.tracks.items()), status=TWENTY.status)


def test_every_nth_instance_is_picked_the_same_ones_each_time() -> None:
    picked = sampled(TWENTY, Sampling(every=4))
    assert (len(picked), sampled(TWENTY, Sampling(every=4))) == (5, picked)


def test_so_many_of_each_author_are_picked() -> None:
    found = by("ab")
    picked = sampled(found, Sampling(each_author=3))
    assert sorted(found.instances[i].created_by for i in picked) == ["a"] * 3 + ["b"] * 3


def test_the_least_confident_are_picked() -> None:
    tracks = {
        key: replace(track, confidence=(track.confidence * 0 + key[0] / 100).astype("float32"))
        for key, track in TWENTY.tracks.items()
    }
    found = make_document(instances=TWENTY.instances.values(), tracks=tracks, status=TWENTY.status)
    assert sampled(found, Sampling(lowest_percent=15)) == {InstanceId(1), InstanceId(2), InstanceId(3)}


def test_without_a_rule_all_are_judged() -> None:
    assert sampled(TWENTY, Sampling()) == sampled(TWENTY, Sampling(every=1)) == set(TWENTY.instances)


def test_a_review_with_a_sampling_ends_when_the_picked_ones_are_decided() -> None:
    annotate, review, over = PROJECT.workflow.stages
    rule = Sampling(every=4)
    project = replace(PROJECT, workflow=Workflow(stages=(annotate, replace(review, sampling=rule), over)))
    with pytest.raises(Refused, match="5 undecided"):
        end_review(TWENTY, project, ME)
    judged = TWENTY.apply(approve(TWENTY, sampled(TWENTY, rule), ME))
    assert judged.apply(end_review(judged, project, ME)).status.stage == "complete"
