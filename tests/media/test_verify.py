from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace
from PIL import Image

from tests.media import clips
from tui_editor.media.sequence import SequenceSource
from tui_editor.media.verify import verify_unit
from tui_editor.media.video import VideoSource

if TYPE_CHECKING:
    from pathlib import Path


def test_frames_that_did_not_change_have_no_mismatch(tmp_path: Path) -> None:
    source = VideoSource(clips.encode(tmp_path / "a.mp4", 20))
    recorded = {index: source.identity(index) for index in (3, 17)}
    assert verify_unit(source, recorded) == []
    source.close()


def test_a_cut_video_shows_every_frame_that_moved(tmp_path: Path) -> None:
    whole = VideoSource(clips.encode(tmp_path / "a.mp4", 60))
    recorded = {index: whole.identity(index) for index in (2, 25, 55)}
    whole.close()
    part = VideoSource(clips.cut(tmp_path / "a.mp4", tmp_path / "b.mp4", first_shown=30))
    found = verify_unit(part, recorded)
    part.close()
    assert [(one.index, one.reason) for one in found[:2]] == [(2, "another picture"), (25, "another picture")]
    assert found[2].actual is None
    assert "no frame 55" in found[2].reason


def test_a_changed_a_missing_and_an_incomparable_file_are_each_named(tmp_path: Path) -> None:
    paths = [tmp_path / f"{n}.png" for n in range(4)]
    for path in paths:
        Image.new("RGB", (4, 4)).save(path)
    source = SequenceSource(paths)
    recorded = {index: source.identity(index) for index in range(4)}
    recorded[3] = replace(recorded[3], algorithm="file-md5")
    Image.new("RGB", (4, 4), "red").save(paths[1])
    paths[2].unlink()
    assert [one.index for one in verify_unit(source, recorded)] == [1, 2, 3]
    assert "not there" in verify_unit(source, recorded)[1].reason
    assert "can't be compared" in verify_unit(source, recorded)[2].reason
