from __future__ import annotations

import os
from importlib.metadata import EntryPoint
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.media import clips
from tui_editor.errors import MediaError, MediaMissing, MediaUnknown
from tui_editor.media import registry
from tui_editor.media.open import MediaInfo, open_source, probe
from tui_editor.model.frames import UnitKind

if TYPE_CHECKING:
    from pathlib import Path


def test_content_decides_over_the_extension(tmp_path: Path) -> None:
    clips.encode(tmp_path / "a.mp4", 5).rename(tmp_path / "a.jpg")
    Image.new("RGB", (7, 5)).save(tmp_path / "b.png")
    (tmp_path / "b.png").rename(tmp_path / "b.mp4")
    assert probe(tmp_path / "a.jpg").kind is UnitKind.VIDEO
    assert probe(tmp_path / "b.mp4") == MediaInfo(kind=UnitKind.IMAGE, frame_count=1, width=7, height=5)


def test_the_extension_decides_where_the_content_says_nothing(tmp_path: Path) -> None:
    path = clips.encode(tmp_path / "a.h264", 5, container="h264")
    assert (probe(path).kind, probe(path).frame_count) == (UnitKind.VIDEO, 5)


def test_pages_that_differ_in_size_are_listed(tmp_path: Path) -> None:
    pages = [Image.new("L", (10 + n, 8)) for n in range(3)]
    pages[0].save(tmp_path / "a.tif", save_all=True, append_images=pages[1:])
    assert probe(tmp_path / "a.tif").frame_sizes == ((10, 8), (11, 8), (12, 8))


@pytest.mark.parametrize(
    "content", [b"", b"\0", b"hello", b"#EXTM3U\n#EXTINF:1\n/etc/passwd\n", b"ffconcat version 1.0\n"]
)
@pytest.mark.parametrize("suffix", ["", ".jpg", ".png", ".mp4", ".ts", ".gif", ".h264", ".txt"])
def test_a_file_without_a_medium_is_a_media_error(tmp_path: Path, content: bytes, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(content)
    with pytest.raises(MediaError):
        probe(path)


def test_a_playlist_does_not_open_other_files(tmp_path: Path) -> None:
    clips.encode(tmp_path / "real.mp4", 5)
    (tmp_path / "list.mp4").write_text("ffconcat version 1.0\nfile real.mp4\n")
    with pytest.raises(MediaError):
        open_source(UnitKind.VIDEO, [tmp_path / "list.mp4"])


@pytest.mark.parametrize("kind", [UnitKind.IMAGE, UnitKind.VIDEO])
def test_a_missing_file_a_folder_and_a_pipe_are_refused_without_waiting(tmp_path: Path, kind: UnitKind) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    for name, error in (("nothing.png", MediaMissing), ("", MediaUnknown), ("pipe.png", MediaUnknown)):
        with pytest.raises(error):
            open_source(kind, [tmp_path / name])


def test_a_kind_without_reader_is_unknown(tmp_path: Path) -> None:
    with pytest.raises(MediaUnknown, match="dicom"):
        open_source(UnitKind.DICOM, [tmp_path / "a.dcm"])


def test_a_sound_file_has_no_video(tmp_path: Path) -> None:
    import av
    import numpy as np

    with av.open(str(tmp_path / "a.mp4"), "w") as output:
        stream = output.add_stream("aac", rate=44100)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        frame.sample_rate = 44100
        output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    with pytest.raises(MediaUnknown, match="no video stream"):
        open_source(UnitKind.VIDEO, [tmp_path / "a.mp4"])


def test_a_plug_in_that_fails_is_a_warning_and_the_others_work() -> None:
    good = EntryPoint("good", f"{__name__}:PLUGIN", registry.GROUP)
    found = [
        good,
        EntryPoint("gone", "no_such_module:X", registry.GROUP),
        EntryPoint("odd", "json:dumps", registry.GROUP),
    ]
    works, warnings = registry.load(found)
    assert works == (PLUGIN,)
    assert [warning.split()[3] for warning in warnings] == ["gone", "odd"]


def test_a_plug_in_opens_its_own_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "plugins", lambda: ((BROKEN, PLUGIN), ()))
    (tmp_path / "a.dcm").write_bytes(b"DICM...")
    assert MediaInfo(kind=UnitKind.IMAGE_SEQUENCE, frame_count=1, width=3, height=2) == probe(tmp_path / "a.dcm")


def _open(paths, limits):  # type: ignore[no-untyped-def]
    class Fake:
        kind, frame_count, fps, warnings = UnitKind.IMAGE_SEQUENCE, 1, None, ()

        def size(self, index: int) -> tuple[int, int]:
            return 3, 2

        def close(self) -> None:
            pass

    return Fake()


PLUGIN = registry.MediaPlugin(
    name="fake",
    kind=UnitKind.DICOM,
    suffixes=frozenset({".dcm"}),
    matches=lambda head, path: head.startswith(b"DICM"),
    open=_open,
)
BROKEN = registry.MediaPlugin(
    name="broken", kind=UnitKind.NIFTI, suffixes=frozenset(), matches=lambda head, path: 1 / 0 > 0, open=_open
)
