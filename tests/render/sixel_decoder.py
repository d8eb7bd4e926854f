"""A small sixel decoder: what a terminal would have on its screen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TOKEN = re.compile(rb"#(\d+)(?:;2;(\d+);(\d+);(\d+))?|!(\d+)([?-~])|([?-~])|(\$)|(-)")


def decode_sixel(data: bytes) -> tuple[NDArray[np.int32], NDArray[np.int16]]:
    """Return (percent RGB of each pixel, number of times that each pixel was painted) over whole bands."""
    head = re.match(rb'\x1bP[\d;]*q"1;1;(\d+);(\d+)', data)
    assert head is not None
    assert data.endswith(b"\x1b\\")
    width, height = int(head[1]), int(head[2])
    bands = -(-height // 6)
    picture = np.full((bands * 6, width, 3), -1, np.int32)
    painted = np.zeros((bands * 6, width), np.int16)
    colours: dict[int, tuple[int, int, int]] = {}
    x = band = colour = 0
    position = head.end()
    while position < len(data) - 2:
        token = _TOKEN.match(data, position)
        assert token is not None, data[position : position + 20]
        position = token.end()
        if token[1]:
            colour = int(token[1])
            if token[2]:
                colours[colour] = (int(token[2]), int(token[3]), int(token[4]))
        elif token[8]:
            x = 0
        elif token[9]:
            x, band = 0, band + 1
        else:
            count, char = (int(token[5]), token[6]) if token[5] else (1, token[7])
            bits = char[0] - 63
            for line in range(6):
                if bits >> line & 1:
                    picture[band * 6 + line, x : x + count] = colours[colour]
                    painted[band * 6 + line, x : x + count] += 1
            x += count
            assert x <= width
    return picture, painted
