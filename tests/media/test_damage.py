"""Damaged files end in a media error or a picture, never in anything else; a damaged frame spoils only itself."""

from __future__ import annotations

import random
from functools import cache
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest
from PIL import Image

from tests.media import clips
from tui_editor.errors import MediaCorrupt, MediaError
from tui_editor.media.open import open_source, probe
from tui_editor.media.video import VideoSource

if TYPE_CHECKING:
    from pathlib import Path

KINDS = ("a.jpg", "a.png", "a.gif", "a.webp", "a.tif", "a.avif", "a.bmp", "a.mp4", "a.ts", "a.avi", "a.mkv", "a.mpg")


@cache
def whole(folder: Path, name: str) -> bytes:
    path = folder / f"whole-{name}"
    if path.suffix in (".mp4", ".ts", ".avi", ".mkv"):
        clips.encode(path, 12, gop=6)
    elif path.suffix == ".mpg":
        clips.encode(path, 12, codec="mpeg2video", options={"bf": "2"}, gop=6, container="mpeg")
    else:
        noise = np.random.default_rng(2).integers(0, 256, (24, 32, 3), np.uint8)
        pages = [Image.fromarray(noise), Image.fromarray(noise[::-1].copy())]
        several = {"save_all": True, "append_images": pages[1:]} if path.suffix in (".gif", ".webp", ".tif") else {}
        pages[0].save(path, **several)  # type: ignore[arg-type]
    return path.read_bytes()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("whole")


def _damaged(data: bytes, rng: random.Random) -> bytes:
    if rng.random() < 0.25:
        return data[: rng.randrange(len(data))]
    changed = bytearray(data)
    end = len(data) if rng.random() < 0.5 else min(len(data), 600)
    for _ in range(rng.choice((1, 2, 4, 16, 64))):
        changed[rng.randrange(end)] = rng.choice((0, 255, rng.randrange(256)))
    return bytes(changed)


@pytest.mark.parametrize("name", KINDS)
def test_a_damaged_file_gives_a_picture_or_a_media_error(folder: Path, tmp_path: Path, name: str) -> None:
    rng = random.Random(name)
    path = tmp_path / name
    for _ in range(30):
        path.write_bytes(_damaged(whole(folder, name), rng))
        try:
            info = probe(path)
            source = open_source(info.kind, [path])
        except MediaError:
            continue
        for index in {0, info.frame_count // 2, info.frame_count - 1}:
            try:
                assert source.read(index).pixels.size
            except MediaError:
                continue
        source.close()


def test_a_damaged_frame_of_a_video_spoils_only_itself(tmp_path: Path) -> None:
    path = clips.encode(tmp_path / "a.avi", 20, codec="mjpeg", options={})
    with av.open(str(path)) as container:
        packet = [packet for packet in container.demux(video=0) if packet.size][7]
        place, size = packet.pos, packet.size
    data = bytearray(path.read_bytes())
    data[place + 16 : place + size - 16] = bytes(size - 32)
    path.write_bytes(data)
    source = VideoSource(path)
    assert source.frame_count == 20
    for index in (*range(7), *range(8, 20), 12, 8, 6):
        assert index == clips.number_of(source.read(index).pixels)
    for _ in range(2):
        with pytest.raises(MediaCorrupt) as caught:
            source.read(7)
        assert caught.value.where.endswith("frame 7")
    assert clips.number_of(source.read(8).pixels) == 8
    source.close()
