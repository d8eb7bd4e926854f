"""A value that one process hands to another through memory that both share: its arrays are not copied by the reader."""

from __future__ import annotations

import mmap
import pickle
import struct
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ROOM: Final = 64 << 20
"""Bytes; memory that nobody writes to costs nothing."""
_ALIGNED: Final = 64
_COUNT = struct.Struct("<Q")


class Parcel:
    """Room for one value, made before a fork, filled by the child and opened by the parent.

    Raises:
        OSError: the system gives no shared memory.
    """

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, _ROOM)

    def put(self, value: object) -> None:
        """Take a value; ValueError when there is no room for it."""
        buffers: list[pickle.PickleBuffer] = []
        data = pickle.dumps(value, protocol=5, buffer_callback=buffers.append)
        parts = [memoryview(data), *(buffer.raw() for buffer in buffers)]
        head = b"".join(_COUNT.pack(size) for size in (len(parts), *map(len, parts)))
        places = list(_places([len(head), *map(len, parts)]))
        if places[-1].stop > _ROOM:
            raise ValueError(f"{places[-1].stop} bytes have no room in {_ROOM}")
        for place, part in zip(places, [memoryview(head), *parts], strict=True):
            self._memory[place] = part

    def get(self) -> Any:
        """Return the value; its arrays lie in the shared memory and can't be written to."""
        memory = memoryview(self._memory).toreadonly()
        (count,) = _COUNT.unpack_from(memory)
        sizes = [size for (size,) in _COUNT.iter_unpack(memory[_COUNT.size : _COUNT.size * (count + 1)])]
        data, *buffers = (memory[place] for place in list(_places([_COUNT.size * (count + 1), *sizes]))[1:])
        # made a moment ago by this program
        return pickle.loads(data, buffers=buffers)  # noqa: S301


def _places(sizes: Sequence[int]) -> Iterator[slice]:
    """Yield where parts of these sizes lie, one behind the other."""
    at = 0
    for size in sizes:
        at += -at % _ALIGNED
        yield slice(at, at + size)
        at += size
