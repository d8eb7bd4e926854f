"""HOTA, CLEAR and IDF1: against TrackEval where it is installed, and against figures that it gave."""

from __future__ import annotations

import contextlib
import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.metrics.motfile import Tracks, read_mot, scene_of
from tests.support.data import shared_data

from tui_editor.metrics.clear import measure_clear
from tui_editor.metrics.hota import measure_hota
from tui_editor.metrics.identity import measure_identity, partners
from tui_editor.metrics.spans import temporal_iou

TUD = {
    "hota": 0.3978490169927877,
    "deta": 0.3922675723693166,
    "assa": 0.4088407518112996,
    "loca": 0.737521177178062,
    "mota": 0.5640138408304498,
    "motp": 0.6540957044559912,
    "idsw": 7,
    "frag": 6,
    "mt": 5,
    "pt": 4,
    "ml": 1,
    "idf1": 0.6446194225721785,
    "idr": 0.5311418685121108,
    "idp": 0.8197596795727636,
}
"""What TrackEval 1.3.0 gives for TUD-Stadtmitte, gt.txt against test.txt of motmetrics 1.4.0."""

MADE = {
    "hota": 0.5221387569176225,
    "deta": 0.5089946597216642,
    "assa": 0.5369019915542798,
    "loca": 0.7420073601874284,
    "mota": 0.5441176470588235,
    "motp": 0.6901608395859788,
    "idsw": 3.0,
    "mt": 3.0,
    "pt": 4.0,
    "ml": 1.0,
    "frag": 10.0,
    "idf1": 0.7647058823529411,
    "idr": 0.7647058823529411,
    "idp": 0.7647058823529411,
}
"""What it gives for the tracks of `walkers` and `observed`, seed 11."""


def figures_of(truth: Tracks, found: Tracks) -> dict[str, float]:
    scene = scene_of(truth, found)
    return {**measure_hota(scene).figures(), **measure_clear(scene).figures(), **measure_identity(scene).figures()}


def tracks_of(rows: list[tuple[int, int, float, float]]) -> Tracks:
    """Return boxes of 10 × 10 px from (frame, identity, x, y)."""
    table = np.array(rows, float).reshape(-1, 4)
    box = np.column_stack([table[:, 2:], np.full((len(table), 2), 10.0)])
    return Tracks(table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), box)


def walkers(rng: np.random.Generator, many: int, frames: int) -> Tracks:
    """Return tracks that begin and end anywhere, cross each other and have gaps."""
    rows: list[tuple[int, int, float, float]] = []
    for identity in range(many):
        first, last = sorted(rng.integers(0, frames, 2).tolist())
        place = rng.integers(0, 3, 2) * 12.0 + rng.normal(0, 2, 2)
        for frame in range(first, last + 1):
            place = place + rng.normal(0, 1, 2)
            if rng.random() < 0.85:
                rows.append((frame, identity, *place.tolist()))
    return tracks_of(rows or [(0, 0, 0.0, 0.0)])


def observed(rng: np.random.Generator, truth: Tracks) -> Tracks:
    """Return what somebody saw of tracks: a little off, with misses, false alarms and identities that change."""
    kept = np.flatnonzero(rng.random(len(truth.frame)) < 0.85)
    many = int(truth.identity.max()) + 1
    late = truth.frame[kept] > rng.integers(0, truth.frame.max() + 1)
    identity = np.where(late, (truth.identity[kept] + 1) % many, truth.identity[kept])
    box = truth.box[kept] + rng.normal(0, 1.2, (len(kept), 4))
    extra = kept[: len(kept) // 8]
    return Tracks(
        np.concatenate([truth.frame[kept], truth.frame[extra]]),
        np.concatenate([identity, truth.identity[extra] + many]),
        np.concatenate([box, truth.box[extra] + 6]),
    )


def test_figures_of_made_tracks_are_those_that_trackeval_gave() -> None:
    rng = np.random.default_rng(11)
    truth = walkers(rng, 8, 25)

    assert figures_of(truth, observed(rng, truth)) == pytest.approx(MADE, abs=1e-6)


def test_figures_of_real_tracks_are_those_that_trackeval_gave() -> None:
    folder = shared_data("mot")
    found = figures_of(*(read_mot(folder / f"TUD-Stadtmitte_{name}.txt") for name in ("gt", "test")))

    assert found == pytest.approx(TUD, abs=1e-6)


def test_figures_of_real_detections_are_those_of_trackeval() -> None:
    truth = read_mot(shared_data("mot") / "TUD-Stadtmitte_gt.txt")
    detections = read_mot(shared_data("mot") / "PETS09-S2L1_det.txt")
    numbered = detections._replace(identity=np.arange(len(detections.frame)) % 40)
    _, first = np.unique(numbered.frame * 40 + numbered.identity, return_index=True)
    found = Tracks(numbered.frame[first], numbered.identity[first], numbered.box[first])

    assert figures_of(truth, found) == pytest.approx(trackeval_figures(truth, found), abs=1e-6)


@pytest.mark.parametrize("seed", range(40))
def test_figures_of_random_scenes_are_those_of_trackeval(seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth = walkers(rng, int(rng.integers(1, 9)), int(rng.integers(2, 25)))
    found = observed(rng, truth) if seed % 2 else walkers(rng, 5, 25)

    assert figures_of(truth, found) == pytest.approx(trackeval_figures(truth, found), abs=1e-6)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**20))
def test_tracks_agree_wholly_with_themselves_whatever_their_names(seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth = walkers(rng, 4, 12)
    renamed = truth._replace(identity=rng.permutation(8)[truth.identity])
    found = figures_of(truth, renamed)

    assert {name: found[name] for name in ("hota", "idf1", "mota", "idsw")} == pytest.approx(
        {"hota": 1.0, "idf1": 1.0, "mota": 1.0, "idsw": 0}
    )


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**20))
def test_hota_and_idf1_do_not_depend_on_which_side_is_the_reference(seed: int) -> None:
    rng = np.random.default_rng(seed)
    one, other = walkers(rng, 4, 12), walkers(rng, 4, 12)
    forth, back = figures_of(one, other), figures_of(other, one)

    for name in ("hota", "deta", "assa", "loca", "idf1"):
        assert forth[name] == pytest.approx(back[name])


def test_a_swap_of_identities_is_two_switches_and_halves_the_association() -> None:
    straight = [(t, i, 0.0, 50.0 * i) for t in range(4) for i in (0, 1)]
    swapped = [(t, i if t < 2 else 1 - i, 0.0, 50.0 * i) for t in range(4) for i in (0, 1)]
    found = figures_of(tracks_of(straight), tracks_of(swapped))

    assert found["idsw"] == 2
    assert found["deta"] == pytest.approx(1.0)
    assert found["assa"] == pytest.approx(1 / 3)


def test_partners_share_time_as_far_as_both_are_there() -> None:
    long, short = [(t, 0, 0.0, 0.0) for t in range(8)], [(t, 5, 0.0, 0.0) for t in range(2, 6)]
    scene = scene_of(tracks_of(long), tracks_of(short))

    assert temporal_iou(scene, partners(scene)).tolist() == [0.5]


def test_a_side_without_anything_is_all_missed_or_all_extra() -> None:
    nothing, one = tracks_of([]), tracks_of([(0, 0, 0.0, 0.0)])

    assert figures_of(one, nothing)["hota"] == figures_of(nothing, one)["hota"] == 0
    assert measure_clear(scene_of(one, nothing)).missed == 1
    assert measure_identity(scene_of(nothing, one)).extra == 1


# --- TrackEval -----------------------------------------------------------------------------------


def trackeval_figures(truth: Tracks, found: Tracks) -> dict[str, float]:
    pytest.importorskip("trackeval", reason="the extra `parity` is not installed")
    from trackeval.metrics import CLEAR, HOTA, Identity

    data = trackeval_data(truth, found)
    with contextlib.redirect_stdout(io.StringIO()):
        hota = HOTA().eval_sequence(data)
        clear, identity = (kind({"PRINT_CONFIG": False}).eval_sequence(data) for kind in (CLEAR, Identity))
    values = {name: hota[key].mean() for name, key in HOTA_NAMES.items()}
    values |= {key.lower(): clear[key] for key in ("MOTA", "MOTP", "IDSW", "MT", "PT", "ML")}
    values |= {"frag": clear["Frag"], "idf1": identity["IDF1"], "idr": identity["IDR"], "idp": identity["IDP"]}
    return {name: float(value) for name, value in values.items()}


HOTA_NAMES = {"hota": "HOTA", "deta": "DetA", "assa": "AssA", "loca": "LocA"}


def trackeval_data(truth: Tracks, found: Tracks) -> dict[str, Any]:
    from trackeval.datasets._base_dataset import _BaseDataset

    frames = range(int(max(truth.frame.max(), found.frame.max())) + 1)
    names = [np.unique(side.identity, return_inverse=True) for side in (truth, found)]
    on = [[np.flatnonzero(side.frame == t) for t in frames] for side in (truth, found)]
    overlaps = [
        _BaseDataset._calculate_box_ious(truth.box[a], found.box[b], box_format="xywh")
        for a, b in zip(*on, strict=True)
    ]
    return {
        "gt_ids": [names[0][1][rows] for rows in on[0]],
        "tracker_ids": [names[1][1][rows] for rows in on[1]],
        "similarity_scores": overlaps,
        "num_timesteps": len(frames),
        "num_gt_ids": len(names[0][0]),
        "num_tracker_ids": len(names[1][0]),
        "num_gt_dets": len(truth.frame),
        "num_tracker_dets": len(found.frame),
    }
