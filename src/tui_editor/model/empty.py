"""The empty mapping that values share as a default."""

from __future__ import annotations

from typing import Any, NoReturn


class EmptyMap(dict[Any, Any]):
    """A dict that stays empty: hashable, so that a frozen value may have it as a default."""

    def __hash__(self) -> int:  # type: ignore[override]
        return 0

    def __setitem__(self, key: object, value: object) -> NoReturn:
        raise TypeError("this mapping is a shared default; make a new one")

    def __ior__(self, other: object) -> NoReturn:  # type: ignore[misc]
        self[other] = other

    update = setdefault = __setitem__  # type: ignore[assignment]


EMPTY = EmptyMap()
