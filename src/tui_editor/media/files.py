"""Opening a file that others named: regular files only, errors in our words."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from tui_editor.errors import MediaMissing, MediaUnknown
from tui_editor.text import one_line

if TYPE_CHECKING:
    from io import BufferedReader
    from pathlib import Path

DIGEST_BYTES = 16
_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
"""Non-blocking: opening a named pipe must not wait for a writer."""


def open_fd(path: Path) -> int:
    """Return a descriptor of the regular file at `path`; the caller closes it.

    Raises:
        MediaMissing: There is no file or it may not be read.
        MediaUnknown: It is a folder, pipe, socket or device.
    """
    try:
        fd = os.open(path, _FLAGS)
    except FileNotFoundError as error:
        raise MediaMissing("the file is not there", where=one_line(str(path))) from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise MediaMissing(f"the file can't be opened: {reason}", where=one_line(str(path))) from error
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise MediaUnknown("this is not a regular file", where=one_line(str(path)))
    return fd


def open_regular(path: Path) -> BufferedReader:
    """Return the regular file at `path`, open for reading bytes; errors as `open_fd`."""
    return os.fdopen(open_fd(path), "rb")


def read_bytes(path: Path, limit: int) -> bytes:
    """Return the first `limit` bytes of a file at most; errors as `open_fd`."""
    with open_regular(path) as file:
        return file.read(limit)


def file_digest(path: Path, page: int = 0) -> str:
    """Return the BLAKE2b-128 hex digest of a file's bytes, and of the page number for pages after the first."""
    import hashlib

    with open_regular(path) as file:
        digest = hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=DIGEST_BYTES))
    if page:
        digest.update(b"#page%d" % page)
    return digest.hexdigest()
