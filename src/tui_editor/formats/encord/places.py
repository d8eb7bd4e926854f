"""Demands of JSON values, refused with the file and the JSON pointer of what is wrong."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from tui_editor.errors import FormatError
from tui_editor.text import one_line

_NAMES = {dict: "an object", list: "a list", str: "a text", int: "a whole number"}


class Place(Struct, frozen=True):
    """Where in which file a value stands."""

    file: str
    pointer: str = ""

    def at(self, *keys: object) -> Place:
        """Return the place of a member."""
        steps = "".join("/" + str(k).replace("~", "~0").replace("/", "~1") for k in keys)
        return Place(self.file, self.pointer + steps)

    def __str__(self) -> str:
        return one_line(f"{self.file}#{self.pointer}")

    def error(self, what: str, hint: str = "") -> FormatError:
        """Return the error that something is wrong here."""
        return FormatError(one_line(what), where=str(self), hint=hint)

    def as_object(self, value: object) -> dict[str, Any]:
        """Return `value` when it is a JSON object; raise `FormatError` otherwise."""
        if not isinstance(value, dict):
            raise self.wrong(value, dict)
        return value

    def as_list(self, value: object) -> list[Any]:
        """Return `value` when it is a JSON list; raise `FormatError` otherwise."""
        if not isinstance(value, list):
            raise self.wrong(value, list)
        return value

    def wrong(self, value: object, kind: type) -> FormatError:
        """Return the error that a value is not of a kind."""
        return self.error(f"expected {_NAMES[kind]}, found {_found(value)}")

    def member(self, holder: dict[str, Any], key: str, kind: type, default: Any = ...) -> Any:
        """Return `holder[key]` of a kind (dict, list, str); `default` when absent or null and given.

        Raises:
            FormatError: it is absent without a default, or of another kind.
        """
        value = holder.get(key)
        if value is None and default is not ...:
            return default
        if key not in holder:
            raise self.error(f"`{key}` is missing")
        if not isinstance(value, kind):
            raise self.at(key).wrong(value, kind)
        return value


def _found(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    return "a number" if isinstance(value, float) else _NAMES.get(type(value), "something else")
