"""Pixels for tools that look at colours: always RGB of 8 bits."""

from __future__ import annotations

import numpy as np
import pytest

from tui_editor.model.frames import Frame
from tui_editor.ui.frame_pixels import as_rgb


@pytest.mark.parametrize(
    ("pixels", "color", "window", "expected"),
    [
        (np.array([[[1, 2, 3]]], np.uint8), "rgb", None, [1, 2, 3]),
        (np.array([[[1, 2, 3, 9]]], np.uint8), "rgba", None, [1, 2, 3]),
        (np.array([[7]], np.uint8), "gray", None, [7, 7, 7]),
        (np.array([[[7, 200]]], np.uint8), "gray_alpha", None, [7, 7, 7]),
        (np.array([[65535]], np.uint16), "gray", None, [255, 255, 255]),
        (np.array([[100]], np.int16), "gray", (100.0, 200.0), [128, 128, 128]),
    ],
)
def test_every_frame_is_given_as_rgb_of_8_bits(
    pixels: np.ndarray, color: str, window: tuple[float, float] | None, expected: list[int]
) -> None:
    frame = Frame(pixels=pixels, full_size=(1, 1), color=color, window=window)
    found = as_rgb(frame)
    assert found.shape == (1, 1, 3)
    assert found.dtype.name == "uint8"
    assert found[0, 0].tolist() == pytest.approx(expected, abs=1)
