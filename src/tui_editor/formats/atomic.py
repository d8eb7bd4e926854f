"""Writes a file that appears whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from tui_editor.errors import InputError
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def whole_file(target: Path) -> Iterator[IO[bytes]]:
    """Give a file to write; at the end it is on disk under `target`, after an error nothing is.

    Raises:
        InputError: the folder can't be written to or the disk is full.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
    except (OSError, ValueError) as error:
        raise _refused(target, error) from error
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)
        Path(name).replace(target)
    except OSError as error:
        raise _refused(target, error) from error
    finally:
        with suppress(FileNotFoundError):
            Path(name).unlink()


def _refused(target: Path, error: Exception) -> InputError:
    reason = str(error.strerror) if isinstance(error, OSError) else str(error)
    return InputError(f"it can't be written: {one_line(reason).lower()}", where=one_line(str(target)))
