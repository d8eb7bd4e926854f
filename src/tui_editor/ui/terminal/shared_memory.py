"""Shared memory that the terminal may read: the proof that it runs on this machine, and takes pictures that way."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from types import TracebackType

FOLDER: Final = Path("/dev/shm")  # noqa: S108 - where Linux keeps POSIX shared memory, not a temporary folder
"""POSIX shared memory as files: no other system shows it so, and there nothing is offered."""
PIXEL: Final = b"\1\2\3"


class OfferedPixel:
    """One RGB pixel in shared memory, for the terminal to read. Use it as a context manager.

    A terminal that takes pictures from shared memory removes the object when it has read it. One that says OK without
    looking (or runs elsewhere) leaves it, so that both together are the proof.
    """

    def __init__(self) -> None:
        self.name = ""
        """The object's name, as `shm_open` wants it; empty when there can be none."""

    def __enter__(self) -> Self:
        name = f"tui-editor-{os.getpid()}-{secrets.token_hex(4)}"
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
