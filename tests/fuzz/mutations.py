"""Changes bytes as a broken writer or an attacker would: JSON by structure, text by line, a file by field."""

from __future__ import annotations

import json
import struct
import zlib
from copy import deepcopy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

HOSTILE: tuple[Any, ...] = (
    None,
    True,
    False,
    -1,
    0,
    1,
    0.5,
    (1 << 31) - 1,
    1 << 31,
    (1 << 32) - 1,
    (1 << 53) + 1,
    (1 << 63) - 1,
    1 << 63,
    1 << 64,
    10**400,
    1e308,
    -1e308,
    1e19,
    -0.0,
    5e-324,
    float("nan"),
    float("inf"),
    "",
    " ",
    "0",
    "-1",
    "nan",
    "\x1b[31m\0",
    "\x9b2J\x07",
    "\u202e\u2066",
    "9" * 5000,
    "x" * 70_000,
    "\ud800",
    "../../etc/passwd",
    "/dev/zero",
    "a/../../b\0c",
    "%s{0}[/red]",
    "2020-13-45T99:99:99Z",
    [],
    {},
    [[]],
    [None],
    {"": None},
    {"\x1b": {"\ud800": []}},
    [1e308] * 8,
    [0, 0, -5, -5],
    [0] * 5000,
    [[0, 0]] * 300,
    [float("nan")] * 4,
    {"counts": "999999999", "size": [1 << 30, 1 << 30]},
    {"counts": "", "size": [0, 0]},
    {"counts": [1 << 40], "size": [3, 3]},
    {"counts": [0] * 100, "size": [-1, 5]},
    {"counts": [1 << 62, 1 << 62], "size": [1 << 31, 1 << 31]},
    {"x": "a", "y": None, "w": -1, "h": 1e400},
)
"""Values that are found where others were expected."""
WEDGES = (
    b"\0",
    b"[" * 3000,
    b'{"a":' * 3000,
    b"\xff\xfe",
    b"1e999",
    b"NaN",
    b"\xed\xa0\x80",
    b"\\ud83d",
    b'"',
    b",",
    b"}",
)
INTEGERS = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 1 << 62, -1)
"""What a field of a header is overwritten with."""

# --- JSON ----------------------------------------------------------------------------------------


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every (container, key) of a JSON value."""
    waiting = [value]
    while waiting:
        container = waiting.pop()
        keys = list(container) if isinstance(container, dict) else range(len(container))
        for key in keys:
            yield container, key
            if isinstance(container[key], dict | list):
                waiting.append(container[key])


def json_changed(value: Any, chance: Random) -> None:
    """Change one to four places: another value, a near one, one from elsewhere, gone, doubled, renamed."""
    for _ in range(chance.choice((1, 1, 1, 2, 3, 4))):
        found = list(places(value)) if isinstance(value, dict | list) else []
        if not found:
            return
        container, key = chance.choice(found)
        how = chance.random()
        if how < 0.45:
            container[key] = deepcopy(chance.choice(HOSTILE))
        elif how < 0.6:
            container[key] = _near(container[key], chance)
        elif how < 0.75:
            other, there = chance.choice(found)
            container[key] = deepcopy(other[there])
        elif how < 0.87:
            del container[key]
        elif isinstance(container, list):
            container.insert(chance.randrange(len(container) + 1), deepcopy(container[key]))
        else:
            container[f"{key}\u202e" if how < 0.95 else "\x1b"] = container.pop(key)


def _near(value: Any, chance: Random) -> Any:
    if isinstance(value, bool) or value is None:
        return not value
    if isinstance(value, int | float):
        near = (-value, value + 1, value - 1, value * 1000, value * 10**30, str(value)[:400], [value])
        return chance.choice(near)
    if isinstance(value, str):
        near_texts = (value.upper(), f" {value}", value[:-1], value * 50, f"{value}\x1b[2J", [value], len(value))
        return chance.choice(near_texts)
    return chance.choice((None, list(value), [deepcopy(value)], str(value)[:100], {"0": deepcopy(value)}))


def json_mutated(data: bytes, chance: Random) -> bytes:
    """Return a JSON file changed in its structure, more seldom in its bytes."""
    if chance.random() < 0.2:
        return bytes_mutated(data, chance)
    value = json.loads(data)
    json_changed(value, chance)
    text = json.dumps(value, ensure_ascii=chance.random() < 0.8)
    return text.encode("utf-8", "surrogatepass")


# --- text ----------------------------------------------------------------------------------------

TEXT_VALUES = (
    "1", "-1", "1e400", "nan", "inf", "true", '""', '"\\u001b[31m"', '"\\ud800"', "[]", "{}", "[[1]]", "2020-01-01",
    "2020-13-01", "99999999999999999999999", '"""', "'''", "[" * 2000, '{"a"=1}', "1_0", "0x1F", "\x00", "\x1b", "=",
)  # fmt: skip


def text_mutated(data: bytes, chance: Random) -> bytes:
    """Return lines of `key = value` changed: a value, a line gone, doubled, moved; more seldom the bytes."""
    if chance.random() < 0.25:
        return bytes_mutated(data, chance)
    lines = data.decode().splitlines()
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(lines))
        how = chance.random()
        before, equals, _ = lines[at].partition("=")
        if how < 0.55 and equals:
            lines[at] = f"{before}= {chance.choice(TEXT_VALUES)}"
        elif how < 0.7:
            lines.insert(chance.randrange(len(lines)), lines[at])
        elif how < 0.85 and len(lines) > 1:
            del lines[at]
        else:
            lines[at] = (
                chance.choice(("[", "]", "[a.b]", "[[", "#", '"')) + lines[at] + chance.choice(("", "]", "\x1b"))
            )
    return "\n".join(lines).encode("utf-8", "surrogatepass")


# --- bytes ---------------------------------------------------------------------------------------


def bytes_mutated(data: bytes, chance: Random) -> bytes:
    """Return bytes that are cut, flipped, wedged in, doubled or taken out."""
    if not data:
        return bytes(chance.randrange(256) for _ in range(chance.randrange(64)))
    at, how = chance.randrange(len(data)), chance.random()
    length = chance.choice((1, 2, 4, 16, 64, 512))
    if how < 0.2:
        return data[:at]
    if how < 0.5:
        changed = bytearray(data)
        for _ in range(chance.choice((1, 1, 2, 8, 32))):
            changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        return bytes(changed)
    if how < 0.7:
        return data[:at] + chance.choice(WEDGES) + data[at:]
    if how < 0.85:
        return data[:at] + data[at + length :]
    return data[: at + length] + data[at:]


def fields_mutated(data: bytes, chance: Random) -> bytes:
    """Return a binary file with extreme numbers in fields, mostly in its head; else changed as bytes are."""
    if chance.random() < 0.35 or len(data) < 16:
        return bytes_mutated(data, chance)
    changed = bytearray(data)
    end = len(data) if chance.random() < 0.4 else min(len(data), 512)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        size = chance.choice((1, 2, 2, 4, 4, 8))
        at = chance.randrange(max(1, end - size))
        number = chance.choice(INTEGERS) if chance.random() < 0.7 else chance.randrange(1 << 32)
        order = chance.choice((">", "<"))
        packed = struct.pack(order + "Q", number & ((1 << 64) - 1))
        changed[at : at + size] = packed[-size:] if order == ">" else packed[:size]
    return bytes(changed[: len(data)])


def png_mutated(data: bytes, chance: Random) -> bytes:
    """Return a PNG with chunks changed, most with checksums that fit; else changed as fields are."""
    chunks = list(_chunks(data))
    if chance.random() < 0.3 or not chunks:
        return fields_mutated(data, chance)
    for _ in range(chance.randint(1, 2)):
        at = chance.randrange(len(chunks))
        name, body = chunks[at]
        how = chance.random()
        if how < 0.6:
            chunks[at] = (name, fields_mutated(body, chance) if body else b"\0" * chance.randrange(40))
        elif how < 0.75:
            chunks.insert(chance.randrange(len(chunks) + 1), chunks[at])
        elif how < 0.9 and len(chunks) > 1:
            del chunks[at]
        else:
            chunks[at] = (chance.choice((b"acTL", b"fcTL", b"eXIf", b"iCCP", b"tRNS", b"PLTE", b"\x1b[2J")), body)
    return data[:8] + b"".join(_chunk(name, body) for name, body in chunks)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at + 8 <= len(data):
        length, name = struct.unpack(">I4s", data[at : at + 8])
        yield name, data[at + 8 : at + 8 + length]
        at += 12 + length


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
