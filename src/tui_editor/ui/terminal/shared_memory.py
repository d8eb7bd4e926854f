"""Shared memory that the terminal may read: the proof that it runs on this machine, and takes pictures that way."""

from __future__ import annotations

import os
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from types import TracebackType

    import numpy as np
    from numpy.typing import NDArray

FOLDER: Final = Path("/dev/shm")  # noqa: S108 - where Linux keeps POSIX shared memory, not a temporary folder
"""POSIX shared memory as files: no other system shows it so, and there nothing is offered."""
PIXEL: Final = b"\1\2\3"


_PICTURES: Final = "tui-editor-tty-graphics-protocol"
"""Begins the names of pictures."""


class OfferedPixel:
    """One RGB pixel in shared memory, for the terminal to read. Use it as a context manager.

    A terminal that takes pictures from shared memory removes the object when it has read it. One that says OK without
    looking (or runs elsewhere) leaves it, so that both together are the proof.
    """

    def __init__(self) -> None:
        self.name = ""
        """The object's name, as `shm_open` wants it; empty when there can be none."""

    def __enter__(self) -> Self:
        name = f"tui-editor-{os.getpid()}-{os.urandom(4).hex()}"
        try:
            descriptor = os.open(FOLDER / name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except OSError:
            return self
        with os.fdopen(descriptor, "wb") as file:
            file.write(PIXEL)
        self.name = f"/{name}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.name:
            (FOLDER / self.name[1:]).unlink(missing_ok=True)

    @property
    def taken(self) -> bool:
        """Return whether somebody read the pixel and removed it."""
        return bool(self.name) and not (FOLDER / self.name[1:]).exists()


class SharedPictures:
    """Pixels in shared memory for a terminal on this machine, which removes each object when it has read it.

    At most so many wait to be read; beyond, the oldest are removed: the terminal reads in order, and what it did not
    read by then was lost on the way.
    """

    def __init__(self, most: int = 8) -> None:
        self._most = most
        self._count = 0
        self._offered: deque[Path] = deque()

    def offer(self, pixels: NDArray[np.uint8]) -> str:
        """Return the name of an object with the bytes of `pixels`; empty when there is no room for it."""
        self._count += 1
        path = FOLDER / f"{_PICTURES}-{os.getpid()}-{id(self):x}-{self._count}"
        try:
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except OSError:
            return ""
        self._offered.append(path)
        while len(self._offered) > self._most:
            self._offered.popleft().unlink(missing_ok=True)
        try:
            with os.fdopen(descriptor, "wb", buffering=0) as file:
                file.write(pixels.tobytes())
        except OSError:  # no room: the picture goes over the line
            path.unlink(missing_ok=True)
            return ""
        return f"/{path.name}"

    def close(self) -> None:
        """Remove what nobody read."""
        while self._offered:
            self._offered.popleft().unlink(missing_ok=True)


def remove_pictures_of(pid: int) -> None:
    """Remove what a process offered and nobody read."""
    for path in FOLDER.glob(f"{_PICTURES}-{pid}-*"):
        path.unlink(missing_ok=True)
