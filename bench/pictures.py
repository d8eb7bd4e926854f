"""What the benchmarks of pictures share: the photograph, the pedestrians, their quality."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
PHOTO = ROOT / "fixtures" / "demo" / "photos" / "china.jpg"
PEDESTRIANS = ROOT.parent / "shared" / "data" / "mot" / "vtest_480x360.avi"
"""A static camera, people who walk (OpenCV's sample vtest.avi); scaled up to 720p."""
SIZE = (1280, 720)
CELLS = (160, 45)
CELL_PX = (8, 16)


def photo_720p() -> NDArray[np.uint8]:
    """Return the photograph, RGB 720p: detailed throughout, hard for every encoder."""
    import cv2

    pixels = cv2.cvtColor(cv2.imread(str(PHOTO)), cv2.COLOR_BGR2RGB)
    resized: NDArray[np.uint8] = cv2.resize(pixels, SIZE, interpolation=cv2.INTER_LANCZOS4)
    return resized


def pedestrians(count: int) -> list[NDArray[np.uint8]]:
    """Return frames of the pedestrian video, RGB 720p; none where the video is not there."""
    import cv2

    capture = cv2.VideoCapture(str(PEDESTRIANS))
    frames: list[NDArray[np.uint8]] = []
    while len(frames) < count:
        there, pixels = capture.read()
        if not there:
            break
        frames.append(cv2.resize(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB), SIZE, interpolation=cv2.INTER_LINEAR))
    return frames if len(frames) == count else []


def psnr_db(shown: NDArray[np.uint8], wanted: NDArray[np.uint8]) -> float:
    """Return the peak signal-to-noise ratio of what is shown."""
    error = shown.astype(np.float32) - wanted
    return float(10 * np.log10(255 * 255 / max(float(np.mean(error * error)), 1e-9)))
