"""What is given mutated inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.fuzz.child import Broken

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from random import Random

    Make = Callable[[Random, Path], Path]


class Target(NamedTuple):
    """A reader, and how its inputs are made."""

    name: str
    share: int
    """Of every hundred inputs."""
    make: Make
    """Writes a mutated input below a folder; returns what is to be read. The same numbers make the same input."""
    read: Callable[[Path], object]
    """Reads all that there is of it; raises a `TuiEditorError` where it is refused."""


def unless_broken(ok: bool, what: str) -> None:
    """Raise `Broken` when something that always holds does not."""
    if not ok:
        raise Broken(what)
