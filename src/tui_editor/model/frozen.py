"""A `dataclass` for frozen values that is quick to define: a start-up defines more than a hundred of them.

The standard one compiles up to seven functions a class (about 0.5 ms); this one compiles `__init__` alone and shares
the others. It takes the arguments that the package uses; all else of `dataclasses` (`field`, `fields`, `replace`,
`asdict`) works on what it makes.
"""

from __future__ import annotations

import dataclasses
import sys
from dataclasses import MISSING, FrozenInstanceError
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    # type checkers know the standard name
    from dataclasses import dataclass as dataclass  # noqa: PLC0414  says that the name is handed on
else:

    def dataclass(cls=None, /, *, frozen=False, slots=False, kw_only=False, eq=True):
        """Make a class, or return a decorator that makes one, as `dataclasses.dataclass` does."""
        if not frozen:
            return dataclasses.dataclass(cls, slots=slots, kw_only=kw_only, eq=eq)

        def decorate(cls: type) -> type:
            made = dataclasses.dataclass(slots=slots, kw_only=kw_only, init=False, repr=False, eq=False)(cls)
            return _completed(made, eq=eq)

        return decorate if cls is None else decorate(cls)


class _New:
    """The default in a signature of a field whose value is made anew each time."""

    def __repr__(self) -> str:
        return "<factory>"


_NEW = _New()


def _completed(cls: Any, *, eq: bool) -> type:
    """Add what the standard decorator would have compiled."""
    fields = dataclasses.fields(cls)
    _add(cls, "__init__", _init(cls, fields))
    _add(cls, "__repr__", _repr)
    if eq:
        compared = _getter(tuple(f.name for f in fields if f.compare))
        _add(cls, "__eq__", _eq(compared))
        _add(cls, "__hash__", lambda self: hash(compared(self)))
    cls.__setattr__, cls.__delattr__ = _refuse_set, _refuse_delete
    # copy and pickle set the slots of a new value past `__setattr__`
    cls.__getstate__, cls.__setstate__ = _getstate, _setstate
    return cls  # type: ignore[no-any-return]


def _add(cls: type, name: str, function: Any) -> None:
    """Set a method that the class does not define itself."""
    own = cls.__dict__.get(name)
    # a class with its own `__eq__` has the entry `__hash__ = None` by itself
    if own is None:
        setattr(cls, name, function)


def _init(cls: type, fields: tuple[dataclasses.Field[Any], ...]) -> Any:
    """Return a compiled `__init__`: the one method that is called too often to be generic."""
    known: dict[str, Any] = {"_set": object.__setattr__, "_missing": _NEW}
    plain: list[str] = []
    by_name: list[str] = []
    body: list[str] = []
    for f in fields:
        if f.init:
            (by_name if f.kw_only else plain).append(_parameter(f, known))
        if (value := _value(f, known)) is not None:
            body.append(f"  _set(self, {f.name!r}, {value})")
    if hasattr(cls, "__post_init__"):
        body.append("  self.__post_init__()")
    parameters = ", ".join(["self", *plain, *(["*", *by_name] if by_name else [])])
    lines = [f"def make({', '.join(known)}):", f" def __init__({parameters}):"]
    lines += [*(body or ["  pass"]), " return __init__"]
    made: dict[str, Any] = {}
    exec("\n".join(lines), sys.modules[cls.__module__].__dict__, made)  # noqa: S102  our own identifiers
    init = made["make"](**known)
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    init.__annotations__ = {f.name: f.type for f in fields if f.init} | {"return": None}
    return init


def _value(f: dataclasses.Field[Any], known: dict[str, Any]) -> str | None:
    """Return the expression of what a field is set to; None when `__post_init__` sets it."""
    if f.default_factory is not MISSING:
        known[f"_make_{f.name}"] = f.default_factory
        return f"_make_{f.name}()" + (f" if {f.name} is _missing else {f.name}" if f.init else "")
    if f.init:
        return f.name
    if f.default is MISSING:
        return None
    known[f"_default_{f.name}"] = f.default
    return f"_default_{f.name}"


def _parameter(f: dataclasses.Field[Any], known: dict[str, Any]) -> str:
    if f.default is not MISSING:
        known[f"_default_{f.name}"] = f.default
        return f"{f.name}=_default_{f.name}"
    return f"{f.name}=_missing" if f.default_factory is not MISSING else f.name


def _getter(names: tuple[str, ...]) -> Any:
    """Return a function from a value to the tuple of some of its fields."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda self: tuple(getattr(self, name) for name in names)


def _eq(compared: Any) -> Any:
    def __eq__(self: Any, other: object) -> Any:  # noqa: N807  it becomes the method of that name
        return compared(self) == compared(other) if other.__class__ is self.__class__ else NotImplemented

    return __eq__


def _repr(self: Any) -> str:
    shown = ", ".join(f"{f.name}={getattr(self, f.name)!r}" for f in dataclasses.fields(self) if f.repr)
    return f"{self.__class__.__qualname__}({shown})"


def _refuse_set(_self: Any, name: str, _value: object) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_delete(_self: Any, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _getstate(self: Any) -> list[Any]:
    return [getattr(self, f.name) for f in dataclasses.fields(self)]


def _setstate(self: Any, state: list[Any]) -> None:
    for f, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, f.name, value)
