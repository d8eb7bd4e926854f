"""The different values of an array, without what `np.unique` loads when it is first called."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_Scalar = TypeVar("_Scalar", bound=np.generic)


def distinct(values: NDArray[_Scalar]) -> NDArray[_Scalar]:
    """Return each value of a row of numbers once, ascending.

    It is `np.unique`, which imports masked arrays at its first call: 8 ms for which a first picture would wait.
    """
    ordered = np.sort(values)
    if len(ordered) < 2:  # nothing to compare
        return ordered
    kept = np.empty(len(ordered), np.bool_)
    kept[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=kept[1:])
    found: NDArray[_Scalar] = ordered[kept]
    return found
