from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
import typing
from dataclasses import FrozenInstanceError, field

import pytest

from tui_editor.model import frozen


@frozen.dataclass(frozen=True, slots=True)
class Quick:
    """A value."""

    a: int
    b: tuple[int, ...] = (1,)
    c: list[int] = field(default_factory=list, kw_only=True)
    d: int = field(default=7, init=False, repr=False, compare=False)
    e: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "e", self.a + 1)


@dataclasses.dataclass(frozen=True, slots=True)
class Standard:
    """A value."""

    a: int
    b: tuple[int, ...] = (1,)
    c: list[int] = field(default_factory=list, kw_only=True)
    d: int = field(default=7, init=False, repr=False, compare=False)
    e: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "e", self.a + 1)


@frozen.dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    only: int


@frozen.dataclass(frozen=True, slots=True, eq=False)
class Same:
    only: int


@frozen.dataclass(frozen=True, slots=True)
class Wider(Quick):
    f: str = ""


@frozen.dataclass(frozen=True, slots=True)
class Empty:
    pass


def test_a_value_holds_what_the_standard_one_holds() -> None:
    standard, quick = Standard(3, (2,), c=[4]), Quick(3, (2,), c=[4])

    assert dataclasses.asdict(standard) == dataclasses.asdict(quick) == {"a": 3, "b": (2,), "c": [4], "d": 7, "e": 4}
    assert Quick(3).c == []
    assert Quick(3).c is not Quick(3).c


def test_its_signature_representation_and_patterns_are_the_standard_ones() -> None:
    assert str(inspect.signature(Quick)) == str(inspect.signature(Standard))
    assert repr(Standard(3)).replace("Standard", "Quick") == repr(Quick(3))
    assert Standard.__match_args__ == Quick.__match_args__
    assert typing.get_type_hints(Quick.__init__)["b"] == tuple[int, ...]
    assert Quick.__doc__ == "A value."


def test_equal_values_are_equal_and_hash_alike() -> None:
    assert Named(only=1) == Named(only=1) != Named(only=2)
    assert hash(Named(only=1)) == hash(Named(only=1))
    assert Quick(1) == Quick(1) != Quick(2)
    assert Empty() == Empty()
    assert Named(only=1).__eq__(Same(1)) is NotImplemented


def test_without_eq_a_value_equals_itself_only() -> None:
    one = Same(1)

    assert one == one
    assert one != Same(1)
    assert len({one, Same(1)}) == 2


def test_a_value_cannot_be_changed() -> None:
    value = Named(only=1)

    with pytest.raises(FrozenInstanceError, match="only"):
        value.only = 2  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError, match="only"):
        del value.only
    assert value.only == 1


def test_a_value_can_be_replaced_copied_and_pickled() -> None:
    value = Quick(3, c=[4])

    assert Quick(5, c=[4]) == dataclasses.replace(value, a=5)
    assert copy.deepcopy(value) == value == pickle.loads(pickle.dumps(value))


def test_a_class_can_take_over_the_fields_of_another() -> None:
    assert repr(Wider(1, f="x")) == "Wider(a=1, b=(1,), c=[], e=2, f='x')"


def test_fields_by_name_cannot_be_given_by_place() -> None:
    with pytest.raises(TypeError, match="positional"):
        Named(1)  # type: ignore[call-arg]
