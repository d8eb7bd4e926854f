"""Pieces of sixel text as numbers of eight bytes, so that numpy writes them; unused bytes are NUL."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Words = NDArray[np.uint64]

_WRITTEN_OUT = 3
"""Runs up to this length are shorter written out than as `!3x`."""


class Tables(NamedTuple):
    """Text for each number of columns."""

    gap: Words
    """That many empty sixels."""
    prefix: Words
    """What repeats the sixel that follows; nothing where it is written out."""
    place: Words
    """Multiplied by a sixel, puts it behind the prefix, or as often as it is written out."""

    def run(self, length: NDArray[np.intp], sixel: Words) -> Words:
        """Return the text of runs of one sixel each, given as its character."""
        return self.prefix.take(length) + sixel * self.place.take(length)


@lru_cache(maxsize=8)
def tables(width: int) -> Tables:
    """Return the text for up to `width` columns; for a power of two, so that few are made."""
    prefixes = [b"" if n <= _WRITTEN_OUT else b"!%d" % n for n in range(width)]
    return Tables(
        gap=_words([b"?" * n if n <= _WRITTEN_OUT else b"!%d?" % n for n in range(width)]),
        prefix=_words(prefixes),
        place=_words([b"\1" * n if n <= _WRITTEN_OUT else bytes(len(prefixes[n])) + b"\1" for n in range(width)]),
    )


@lru_cache(maxsize=1)
def colour_choices() -> Words:
    """Return (3, 256): nothing, carriage return or next band, then the choice of the colour."""
    return _words([start + b"#%d" % colour for start in (b"", b"$", b"-") for colour in range(256)]).reshape(3, 256)


def _words(texts: list[bytes]) -> Words:
    return np.frombuffer(b"".join(text.ljust(8, b"\0") for text in texts), np.uint64)
