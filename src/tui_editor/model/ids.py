"""Identifiers. Two windows that make one at the same time never make the same."""

from __future__ import annotations

import os
from typing import NewType

ProjectId = NewType("ProjectId", int)
TaskId = NewType("TaskId", int)
UnitId = NewType("UnitId", int)
InstanceId = NewType("InstanceId", int)
IssueId = NewType("IssueId", int)
ClassId = NewType("ClassId", str)
"""Identity of an object class or classification: the source's feature hash, or a new one."""
AttributeId = NewType("AttributeId", str)
OptionId = NewType("OptionId", str)
PersonId = NewType("PersonId", str)
"""The login of a person, as the operating system or the store's role names it."""

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: nothing to confuse when read aloud


def new_id() -> int:
    """Return a random number of 1..2**63-1, which every store can hold as a signed integer."""
    return _random_bits(63) or 1


def new_token() -> str:
    """Return 32 random hexadecimal digits, for what is never typed: sessions, stores, edits."""
    return os.urandom(16).hex()


def new_hash() -> str:
    """Return a random 8-character name, as foreign ontologies use for classes and options."""
    return to_text(_random_bits(40)).rjust(8, "0")


def _random_bits(count: int) -> int:
    # not by `secrets`, which loads OpenSSL
    return int.from_bytes(os.urandom(8)) >> (64 - count)


def to_text(number: int) -> str:
    """Return `number` (≥ 0) in base 32, the form that people copy and paste."""
    digits = ""
    while number:
        number, low = divmod(number, 32)
        digits = _ALPHABET[low] + digits
    return digits or "0"


def from_text(text: str) -> int:
    """Return the number that `to_text` wrote.

    Raises:
        ValueError: `text` has a character that is not a digit of base 32.
    """
    if not text:
        raise ValueError("an identifier is not empty")
    number = 0
    for char in text.lower():
        number = number * 32 + _ALPHABET.index(char)
    return number
