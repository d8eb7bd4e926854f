"""Remember the last result of a pure function of immutable values."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
R = TypeVar("R")


def remember_last(function: Callable[P, R]) -> Callable[P, R]:
    """Return the function with its last result kept; arguments are compared by identity, so the cost is none."""
    last: list[tuple[tuple[object, ...], R]] = []

    @wraps(function)
    def remembered(*args: P.args, **kwargs: P.kwargs) -> R:
        given = (*args, *kwargs.values())
        if last and len(last[0][0]) == len(given) and all(a is b for a, b in zip(last[0][0], given, strict=True)):
            return last[0][1]
        result = function(*args, **kwargs)
        last[:] = [(given, result)]
        return result

    return remembered
