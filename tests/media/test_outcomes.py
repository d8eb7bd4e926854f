"""What becomes of each odd or hostile file: decided by looking at it, kept by this table."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.support.data import shared_data

MAX_RSS_KIB = 1536 * 1024

_HEIC = "opens" if importlib.util.find_spec("pillow_heif") else "refused MediaUnknown"
_BAD_HEIC = "refused MediaCorrupt" if importlib.util.find_spec("pillow_heif") else "refused MediaUnknown"

ODD = {
    "adversarial/bad_huffman.jpg": "warns",
    "adversarial/badwidth.bmp": "refused MediaTooLarge",
    "adversarial/broken.png": "refused MediaCorrupt",
    "adversarial/broken_data_stream.png": "warns",
    "adversarial/chunk_no_fdat.png": "partly MediaCorrupt",
    "adversarial/corrupt.jpg": "warns",
    "adversarial/corrupted.mp4": "partly MediaCorrupt",
    "adversarial/crash-0c7e0e8e11ce787078f00b5b0ca409a167f070e0.tif": "refused MediaCorrupt",
    "adversarial/crash-0e16d3bfb83be87356d026d66919deaefca44dac.tif": "refused MediaCorrupt",
    "adversarial/crash-1152ec2d1a1a71395b6f2ce6721c38924d025bf3.tif": "refused MediaCorrupt",
    "adversarial/decompression_bomb.gif": "refused MediaTooLarge",
    "adversarial/decompression_bomb.ico": "refused MediaTooLarge",
    "adversarial/decompression_bomb_extents.gif": "partly MediaTooLarge",
    "adversarial/discard_first_keyframe.mp4": "warns",
    "adversarial/frame_exceeds_screen.gif": "opens",
    "adversarial/heapbof.png": "refused MediaUnknown",
    "adversarial/hopper_bad_exif.jpg": "warns",
    "adversarial/reallybig.bmp": "refused MediaTooLarge",
    "adversarial/sigsegv.png": "refused MediaCorrupt",
    "adversarial/syntax_num_frames_invalid.png": "opens",
    "adversarial/truncated_image.png": "warns",
    "adversarial/truncated_jpeg.jpg": "warns",
    "adversarial/unordered.mov": "opens",
    "adversarial/video_90.mov": "opens",
    "images/RGB_12__128x128.heif": _HEIC,
    "images/arrow.heic": _HEIC,
    "images/corrupted.hif": _BAD_HEIC,
    "video/nasa_13013.mp4": "warns",
}
"""All other media files of the folders `FOLDERS` open without a word."""
FOLDERS = ("adversarial", "images", "images/exif", "video", "coco/images")


def files() -> list[str]:
    root = shared_data()
    names = [f"{folder}/{path.name}" for folder in FOLDERS for path in sorted((root / folder).iterdir())]
    return [name for name in names if (root / name).is_file() and not name.endswith(".json")]


@cache
def report() -> dict[str, Any]:
    """Outcomes of all files, from one child process whose memory is limited."""
    root = shared_data().resolve()
    checkout = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "tests.media.outcomes", *(str(root / name) for name in files())],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(checkout / "src")},
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    found = json.loads(done.stdout)
    found["outcomes"] = {str(Path(path).relative_to(root)): result for path, result in found["outcomes"].items()}
    return dict(found)


@pytest.mark.slow
def test_each_file_ends_as_the_table_says() -> None:
    expected = {name: ODD.get(name, "opens") for name in files()}
    assert expected == report()["outcomes"]


@pytest.mark.slow
def test_no_file_of_the_table_takes_more_memory_than_allowed() -> None:
    assert report()["max_rss_kib"] < MAX_RSS_KIB


def test_the_table_names_files_that_exist() -> None:
    assert set(ODD) <= set(files())
