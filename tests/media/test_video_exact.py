"""The frame at index i is the one that a plain decode from the start shows at i, however one gets there."""

from __future__ import annotations

import random
from functools import cache
from typing import TYPE_CHECKING

import av
import pytest

from tests.media import clips
from tests.support.data import shared_data
from tui_editor.media.video import VideoSource
from tui_editor.media.video_pixels import planes_digest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SHARED = [
    "video/av1_video.mkv",
    "video/bikes.mp4",
    "video/bt2020_10bit.mp4",
    "video/car-detection.mp4",
    "video/h265_video.mp4",
    "video/nasa_13013.mp4",
    "video/nasa_13013_rotated.mp4",
    "video/test_non_zero_start.mp4",
    "video/testsrc2_vp9.webm",
    "adversarial/discard_first_keyframe.mp4",
    "adversarial/unordered.mov",
    "adversarial/video_90.mov",
    "mot/vtest_480x360.avi",
    "skeleton/centered_pair_small.mp4",
    "skeleton/small_robot.mp4",
    "images/newtonscradle.gif",
]


@cache
def decoded_in_order(path: Path) -> tuple[str, ...]:
    """Digests of all pictures as PyAV gives them from the start, in one thread."""
    with av.open(str(path)) as container:
        stream = container.streams.best("video")
        stream.thread_type = "NONE"
        return tuple(planes_digest(frame) for frame in container.decode(stream))


def walk(count: int, seed: int) -> Iterator[int]:
    """Both ends, random jumps, runs back and on, and the whole way back over the end."""
    rng = random.Random(seed)
    yield from (0, 1, count - 1, max(0, count - 2))
    for _ in range(20):
        yield rng.randrange(count)
    for _ in range(4):
        start = rng.randrange(count)
        yield from range(start, max(-1, start - 10), -1)
        yield from range(start, min(count, start + 8))
        yield min(count - 1, start + rng.randrange(70))


def wrong_frames(path: Path, *, window_bytes: int) -> list[int]:
    expected = decoded_in_order(path)
    source = VideoSource(path, window_bytes=window_bytes)
    try:
        assert len(expected) == source.frame_count
        return [i for i in walk(len(expected), seed=5) if expected[i] != source.identity(i).digest]
    finally:
        source.close()


@pytest.mark.parametrize("window_bytes", [1, 1 << 26], ids=["no window", "window"])
@pytest.mark.parametrize("name", SHARED)
def test_every_access_to_a_real_video_is_exact(name: str, window_bytes: int) -> None:
    assert wrong_frames(shared_data(name).resolve(), window_bytes=window_bytes) == []


@pytest.fixture(scope="module")
def clip_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clips")


@cache
def clip(folder: Path, name: str) -> Path:
    own = folder / name.replace(" ", "_")
    own.mkdir()
    return clips.MAKERS[name](own)


@pytest.mark.parametrize("window_bytes", [1, 1 << 26], ids=["no window", "window"])
@pytest.mark.parametrize("name", clips.MAKERS)
def test_every_access_to_a_tricky_clip_is_exact(clip_folder: Path, name: str, window_bytes: int) -> None:
    assert wrong_frames(clip(clip_folder, name), window_bytes=window_bytes) == []


@pytest.mark.parametrize("name", [name for name in clips.MAKERS if "cut" not in name and "edit" not in name])
def test_the_index_is_the_number_that_was_drawn(clip_folder: Path, name: str) -> None:
    source = VideoSource(clip(clip_folder, name))
    drawn = [clips.number_of(source.read(index).pixels) for index in range(source.frame_count)]
    source.close()
    expected = [*range(40), *range(50)] if name.startswith("joined") else list(range(90))
    assert expected == drawn


def test_an_edit_list_starts_at_the_frame_that_it_names(clip_folder: Path) -> None:
    source = VideoSource(clip(clip_folder, "edit list"))
    assert [clips.number_of(source.read(index).pixels) for index in (0, 1)] == [40, 41]
    assert "10 of 60 pictures are hidden" in source.warnings[0]
    source.close()


def test_time_follows_the_time_stamps_of_a_variable_rate(clip_folder: Path) -> None:
    source = VideoSource(clip(clip_folder, "variable frame rate"))
    assert [(clips.vfr(i) - clips.vfr(0)) / 1000 for i in range(90)] == pytest.approx(
        [source.time_s(i) for i in range(90)], abs=1e-3
    )
    source.close()
