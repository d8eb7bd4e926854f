"""Reads JSON files that others wrote: every way in which they can be broken becomes a `FormatError` with a place."""

from __future__ import annotations

import os
import re
import stat
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from tui_editor.errors import FormatError
from tui_editor.text import one_line

if TYPE_CHECKING:
    from io import BufferedReader
    from pathlib import Path

T = TypeVar("T")

_BYTE = re.compile(r"\(byte (\d+)\)")
_PATH = re.compile(r"at `\$([^`]*)`")
_STEP = re.compile(r"\.?([^.\[\]]+)|\[(\.\.\.|\d+)\]")
_BOM = b"\xef\xbb\xbf"


def open_regular(path: Path) -> BufferedReader:
    """Return a file opened for reading.

    Raises:
        OSError: it can't be opened.
        ValueError: it is a pipe, socket or device (which might never end), or its name can't be one.
    """
    # Non-blocking: opening a named pipe must not wait for a writer.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    raise ValueError("this is not a regular file")


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes without a byte order mark.

    Raises:
        FormatError: it can't be read.
    """
    try:
        with open_regular(path) as file:
            return file.read().removeprefix(_BOM)
    except (OSError, ValueError) as error:
        raise FormatError(_os_reason(error), where=place(path)) from error


def read_ends(path: Path, size: int = 65536) -> tuple[bytes, bytes]:
    """Return the first and the last `size` bytes of a file; both empty when it can't be read."""
    try:
        with open_regular(path) as file:
            head = file.read(size)
            file.seek(max(len(head), path.stat().st_size - size))
            return head, file.read(size)
    except (OSError, ValueError):
        return b"", b""


def decode(data: bytes | msgspec.Raw, kind: type[T], path: Path, pointer: str = "") -> T:
    """Return JSON as a value of type `kind`.

    Args:
        data: The whole file, or a part of it that an earlier decoding left raw.
        kind: Any type that msgspec can decode.
        path: Of the file, for messages.
        pointer: JSON pointer (RFC 6901) of `data` in the file; empty for the whole file.

    Raises:
        FormatError: it is not JSON, not of that type, or nested too deeply; with line and column, or the pointer.
    """
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.ValidationError as error:
        raise invalid(error, path, pointer) from error
    except msgspec.DecodeError as error:
        raise FormatError(f"this is not JSON: {_reason(error)}", where=_at(error, data, path, pointer)) from error
    except UnicodeDecodeError as error:
        raise FormatError("this is not JSON: a text is not UTF-8", where=place(path, pointer)) from error
    except RecursionError as error:
        raise FormatError("it is nested too deeply", where=place(path, pointer)) from error


def decode_any(data: bytes | msgspec.Raw, path: Path, pointer: str = "") -> Any:
    """Return JSON as plain dicts, lists, numbers and texts; raises as `decode`."""
    return decode(data, Any, path, pointer)


def invalid(error: msgspec.ValidationError, path: Path, pointer: str = "") -> FormatError:
    """Return the error for JSON that has another structure than expected."""
    text = str(error)
    found = _PATH.search(text)
    what = text.split(" - at ", maxsplit=1)[0]
    return FormatError(one_line(what[:1].lower() + what[1:]), where=place(path, pointer + _pointer(found)))


def place(path: Path, pointer: str = "") -> str:
    """Return a file and a JSON pointer in it, harmless to show."""
    return one_line(f"{path}#{pointer}" if pointer else str(path), 400)


def _pointer(found: re.Match[str] | None) -> str:
    steps = _STEP.findall(found[1]) if found else []
    return "".join(f"/{name or index}" for name, index in steps)


def _reason(error: msgspec.DecodeError) -> str:
    text = str(error).removeprefix("JSON is malformed: ")
    return "it ends too early" if text == "Input data was truncated" else _BYTE.sub("", text).strip()


def _at(error: msgspec.DecodeError, data: bytes | msgspec.Raw, path: Path, pointer: str) -> str:
    found = _BYTE.search(str(error))
    if pointer or type(data) is not bytes or not found:
        return place(path, pointer)
    before = data[: int(found[1])]
    line, column = before.count(b"\n") + 1, len(before) - before.rfind(b"\n")
    return place(path) + f":{line}:{column}"


def _os_reason(error: Exception) -> str:
    reason = str(error.strerror) if isinstance(error, OSError) else str(error)
    return one_line(reason).lower()
