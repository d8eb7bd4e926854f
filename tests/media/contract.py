"""What every FrameSource keeps: run over each kind of source."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tui_editor.ports import FrameSource

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.model.frames import Frame

_CHANNELS = {"gray": 0, "gray_alpha": 2, "rgb": 3, "rgba": 4}
_DTYPES = (np.uint8, np.uint16, np.int16, np.float32)


def check_source(make: Callable[[], FrameSource]) -> None:
    """Run the whole contract on a fresh source."""
    source = make()
    try:
        assert isinstance(source, FrameSource)
        assert source.frame_count >= 1
        indices = sorted({0, source.frame_count // 2, source.frame_count - 1})
        for index in indices:
            _check_frame(source, index)
            _check_fit(source, index)
        _check_outside(source)
        _check_order(source)
        first = source.identity(0)
    finally:
        source.close()
    _check_reopened(make, first)


def _check_frame(source: FrameSource, index: int) -> None:
    frame = source.read(index)
    width, height = source.size(index)
    assert frame.full_size == (width, height)
    assert frame.pixels.shape[:2] == (height, width)
    _check_pixels(frame)
    assert frame.time_s == source.time_s(index)


def _check_pixels(frame: Frame) -> None:
    assert frame.pixels.dtype in _DTYPES
    channels = _CHANNELS[frame.color]
    assert frame.pixels.shape[2:] == ((channels,) if channels else ())
    assert frame.pixel_aspect > 0
    assert 1 <= frame.orientation <= 8
    assert (frame.window is None) == (frame.pixels.dtype == np.uint8)


def _check_fit(source: FrameSource, index: int) -> None:
    width, height = source.size(index)
    for fit in ((16, 16), (width // 2 or 1, height), (width * 3, height * 3)):
        frame = source.read(index, fit)
        scale = min(1.0, fit[0] / width, fit[1] / height)
        shown_height, shown_width = frame.pixels.shape[:2]
        assert int(width * scale) <= shown_width <= width
        assert int(height * scale) <= shown_height <= height
        assert frame.full_size == (width, height)
        _check_pixels(frame)


def _check_outside(source: FrameSource) -> None:
    for index in (-1, source.frame_count):
        for ask in (source.size, source.read, source.time_s, source.identity):
            with pytest.raises(IndexError):
                ask(index)


def _check_order(source: FrameSource) -> None:
    """Whatever the order in which frames are asked for, each index gives its own picture."""
    count = min(source.frame_count, 12)
    forward = [source.identity(index) for index in range(count)]
    order = list(range(count))
    random.Random(7).shuffle(order)
    assert {index: forward[index] for index in order} == {index: source.identity(index) for index in order}
    assert forward == [source.identity(index) for index in range(count - 1, -1, -1)][::-1]
    times = [source.time_s(index) for index in range(count)]
    known = [time for time in times if time is not None]
    assert known == sorted(known)
    assert len(known) in (0, count)


def _check_reopened(make: Callable[[], FrameSource], first: object) -> None:
    source = make()
    try:
        assert source.identity(0) == first
    finally:
        source.close()
    source.close()  # closing twice does no harm
