"""A frame read in passing is the frame that the whole source reads, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.media import clips
from tests.media.test_video_exact import SHARED
from tests.support.data import shared_data
from tui_editor.errors import MediaMissing
from tui_editor.media.open import read_once
from tui_editor.media.video import VideoSource
from tui_editor.media.video_glance import glance
from tui_editor.model.frames import UnitKind

if TYPE_CHECKING:
    from pathlib import Path

    from tui_editor.model.frames import Frame

FIT = (64, 36)


def same(one: Frame, other: Frame) -> bool:
    """Return whether two frames agree in everything."""
    names = set(one.__struct_fields__) - {"pixels"}
    plain = all(getattr(one, name) == getattr(other, name) for name in names)
    return plain and np.array_equal(one.pixels, other.pixels)


def check(path: Path) -> list[bool]:
    """Compare frames of a video at both ends and in the middle; return whether each was seen in passing."""
    source = VideoSource(path)
    try:
        places = sorted({0, 1, source.frame_count // 2, source.frame_count - 1} & set(range(source.frame_count)))
        seen = {place: glance(path, place, FIT) for place in places}
        for place, frame in seen.items():
            assert frame is None or same(frame, source.read(place, FIT)), place
        return [frame is not None for frame in seen.values()]
    finally:
        source.close()


@pytest.mark.parametrize("name", SHARED)
def test_a_frame_of_a_real_video_is_as_the_source_reads_it(name: str) -> None:
    seen = check(shared_data(name).resolve())

    assert all(seen) or name.endswith(".avi")


@pytest.mark.parametrize("name", clips.MAKERS)
def test_a_frame_of_a_tricky_clip_is_as_the_source_reads_it_or_none(tmp_path: Path, name: str) -> None:
    check(clips.MAKERS[name](tmp_path))


def test_a_frame_that_is_not_there_is_none(tmp_path: Path) -> None:
    path = clips.encode(tmp_path / "clip.mp4", 5)

    assert glance(path, 5) is None


def test_what_is_no_video_is_left_to_the_source(tmp_path: Path) -> None:
    (tmp_path / "not.mp4").write_bytes(b"no video" * 100)

    assert glance(tmp_path / "not.mp4", 0) is None


def test_a_video_without_time_stamps_is_read_once_all_the_same(tmp_path: Path) -> None:
    path = clips.encode(tmp_path / "clip.avi", 5, codec="mjpeg", options={})

    assert glance(path, 2) is None
    assert clips.number_of(read_once(UnitKind.VIDEO, [path], 2, None).pixels) == 2


def test_a_video_that_is_gone_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(MediaMissing):
        read_once(UnitKind.VIDEO, [tmp_path / "gone.mp4"], 0, None)
