from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from tui_editor.api.demo.actors import FRAME_COUNT, HEIGHT, WIDTH
from tui_editor.api.demo.street import Truth, ground_truth, render_frame, write_video
from tui_editor.model.shapes import Bitmask, Box, Keypoint, RotatedBox, ShapeKind, Skeleton, bounds, kind_of

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

SMOOTH = 1.5
"""Pixels by which smoothing spreads an edge."""

FRAMES = (0, 60, 131, 180, 247, 299)


def drawn(index: int, truth: Truth) -> NDArray[np.bool_]:
    """The pixels that are there because of one thing."""
    without = render_frame(index, without=(truth.name, truth.number))
    return np.asarray((render_frame(index) != without).any(axis=2))


def truths(index: int, kind: type) -> list[Truth]:
    return [t for t in ground_truth(index) if isinstance(t.shape, kind)]


def edges(mask: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    rows, columns = np.nonzero(mask)
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


@pytest.mark.parametrize("index", FRAMES)
def test_a_true_box_encloses_every_pixel_of_its_thing(index: int) -> None:
    for truth in truths(index, Box):
        left, top, right, bottom = bounds(truth.shape) or (0, 0, 0, 0)
        x0, y0, x1, y1 = edges(drawn(index, truth))
        assert left - SMOOTH <= x0
        assert top - SMOOTH <= y0
        assert x1 <= right + SMOOTH
        assert y1 <= bottom + SMOOTH


@pytest.mark.parametrize("index", FRAMES)
def test_a_true_box_is_tight_where_nothing_hides_the_thing(index: int) -> None:
    for truth in truths(index, Box):
        if truth.hidden == 0:
            box = bounds(truth.shape)
            assert box == pytest.approx(edges(drawn(index, truth)), abs=2.5)


@pytest.mark.parametrize("index", FRAMES)
def test_the_boat_lies_in_its_turned_box(index: int) -> None:
    (truth,) = truths(index, RotatedBox)
    shape = truth.shape
    assert isinstance(shape, RotatedBox)
    rows, columns = np.nonzero(drawn(index, truth))
    turn = np.deg2rad(shape.theta_deg)
    dx, dy = columns + 0.5 - (shape.x + shape.width / 2), rows + 0.5 - (shape.y + shape.height / 2)
    along, across = dx * np.cos(turn) + dy * np.sin(turn), dy * np.cos(turn) - dx * np.sin(turn)
    assert np.abs(along).max() == pytest.approx(shape.width / 2, abs=1.5)
    assert np.abs(across).max() == pytest.approx(shape.height / 2, abs=1.5)


@pytest.mark.parametrize("index", FRAMES)
def test_the_clouds_mask_is_exact_to_the_pixel(index: int) -> None:
    (truth,) = truths(index, Bitmask)
    shape = truth.shape
    assert isinstance(shape, Bitmask)
    values = np.repeat(np.arange(len(shape.runs)) % 2 == 1, shape.runs).reshape(shape.height, shape.width)
    whole = np.zeros((HEIGHT, WIDTH), bool)
    whole[shape.top : shape.top + shape.height, shape.left : shape.left + shape.width] = values
    assert np.array_equal(whole, drawn(index, truth))


@pytest.mark.parametrize("index", FRAMES)
def test_the_balls_keypoint_is_the_middle_of_its_pixels(index: int) -> None:
    (truth,) = truths(index, Keypoint)
    x0, y0, x1, y1 = edges(drawn(index, truth))
    assert isinstance(truth.shape, Keypoint)
    assert (truth.shape.x, truth.shape.y) == pytest.approx(((x0 + x1) / 2, (y0 + y1) / 2), abs=1.0)


@pytest.mark.parametrize("index", FRAMES)
def test_the_points_of_people_lie_on_their_pixels(index: int) -> None:
    for truth in truths(index, Skeleton):
        assert isinstance(truth.shape, Skeleton)
        mask = drawn(index, truth)
        on = [mask[int(y), int(x)] for x, y in truth.shape.points]
        hidden = int(np.sum(truth.shape.visibility == 2))
        assert sum(on) >= len(on) - hidden - 1


def test_every_shape_with_geometry_is_in_the_street() -> None:
    expected = set(ShapeKind) - {ShapeKind.PRESENCE, ShapeKind.VERBATIM}
    assert expected == {kind_of(t.shape) for t in ground_truth(60)}


def test_a_frame_is_the_same_each_time() -> None:
    assert np.array_equal(render_frame(77), render_frame(77))


def test_no_truth_lies_outside_the_picture() -> None:
    for index in range(FRAME_COUNT):
        for truth in ground_truth(index):
            x0, y0, x1, y1 = bounds(truth.shape) or (0, 0, 0, 0)
            assert x0 >= 0, (index, truth)
            assert y0 >= 0
            assert x1 <= WIDTH
            assert y1 <= HEIGHT


def test_vehicles_hide_each_other_somewhere() -> None:
    hidden = [t.hidden for i in range(FRAME_COUNT) for t in truths(i, Box) if t.name == "Car"]
    assert max(hidden) > 0.3


@pytest.mark.slow
def test_the_video_holds_every_frame_with_b_frames_between(tmp_path: Path) -> None:
    import av
    from av.video.frame import PictureType

    write_video(tmp_path / "street.mp4")
    with av.open(str(tmp_path / "street.mp4")) as container:
        pictures = list(container.decode(video=0))
    assert len(pictures) == FRAME_COUNT
    assert int(PictureType.B) in {int(p.pict_type) for p in pictures}
    shown = pictures[131].to_ndarray(format="rgb24").astype(int)
    assert np.abs(shown - render_frame(131)).mean() < 4
