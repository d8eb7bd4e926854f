"""From keys to commands: counts, sequences, modes, clashes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tui_editor.commands.command import ANY_KEY, Command, Key, on
from tui_editor.commands.resolver import MOST_COUNT, KeyClashError, KeyResolver, Pending, Run, Unbound
from tui_editor.state.view import Mode

if TYPE_CHECKING:
    from tui_editor.commands.context import Context


def nothing(context: Context) -> None:
    del context


def command(name: str, *keys: Key) -> Command:
    return Command(id=name, title=name, doc=f"{name}.", run=nothing, keys=keys)


GO = command("go", *on("g g, G"))
OPEN = command("open", *on("g o"))
NEXT = command("next", *on("j, down"))
MARK = command("mark", *on(f"m {ANY_KEY}"))
SPECIAL = command("special", *on("m m"))
REASON = command("reason", *(k for n in "12" for k in on(n, Mode.REASON, argument=n)))
ZERO = command("zero", *on("0", Mode.EDIT))
LEAVE = command("leave", *on("escape"))
TABLE = (GO, OPEN, NEXT, MARK, SPECIAL, REASON, ZERO, LEAVE)


def fed(keys: str, mode: Mode = Mode.BROWSE) -> Run | Pending | Unbound:
    """Return what the last of the keys means."""
    resolver = KeyResolver(TABLE)
    found: Run | Pending | Unbound = Unbound(typed="")
    for key in keys.split():
        found = resolver.feed(mode, key)
    return found


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("j", Run(command=NEXT)),
        ("down", Run(command=NEXT)),
        ("3 j", Run(command=NEXT, count=3)),
        ("1 0 j", Run(command=NEXT, count=10)),
        ("1 2 g g", Run(command=GO, count=12)),
        ("G", Run(command=GO)),
        ("m a", Run(command=MARK, argument="a")),
        ("m 7", Run(command=MARK, argument="7")),
        ("m m", Run(command=SPECIAL, argument="")),
        ("5 m x", Run(command=MARK, count=5, argument="x")),
        ("m enter", Unbound(typed="m enter")),
        ("g x", Unbound(typed="g x")),
        ("0", Unbound(typed="0")),
        ("4 x", Unbound(typed="4 x")),
        ("g escape", Unbound(typed="g")),
        ("7 escape", Unbound(typed="7")),
        ("escape", Run(command=LEAVE)),
        ("g escape j", Run(command=NEXT)),
        ("7 escape j", Run(command=NEXT)),
        ("g x j", Run(command=NEXT)),
        ("8", Pending(typed="8")),
    ],
)
def test_keys_mean(keys: str, expected: Run | Pending | Unbound) -> None:
    assert expected == fed(keys)


def test_a_prefix_tells_what_may_follow() -> None:
    found = fed("g")
    assert isinstance(found, Pending)
    assert dict(found.nexts) == {"g": GO, "o": OPEN}


def test_a_digit_is_a_key_of_its_own_where_the_mode_says_so() -> None:
    assert Run(command=REASON, argument="2") == fed("2", Mode.REASON)
    assert Unbound(typed="3") == fed("3", Mode.REASON)
    assert Run(command=ZERO) == fed("0", Mode.EDIT)


def test_a_key_of_another_mode_means_nothing() -> None:
    assert Unbound(typed="j") == fed("j", Mode.EDIT)


def test_a_count_never_grows_beyond_its_limit() -> None:
    found = fed("9 " * 40 + "j")
    assert isinstance(found, Run)
    assert found.count == MOST_COUNT


def test_what_was_typed_is_shown_until_it_means_something() -> None:
    resolver = KeyResolver(TABLE)
    resolver.feed(Mode.BROWSE, "1")
    resolver.feed(Mode.BROWSE, "2")
    resolver.feed(Mode.BROWSE, "g")
    assert resolver.typed == "12 g"
    resolver.reset()
    assert resolver.typed == ""


@pytest.mark.parametrize(
    "others",
    [
        (command("a", *on("x")), command("b", *on("x"))),
        (command("a", *on("x y")), command("b", *on("x"))),
        (command("a", *on("x")), command("b", *on("x y"))),
    ],
)
def test_two_commands_for_the_same_keys_are_refused(others: tuple[Command, Command]) -> None:
    with pytest.raises(KeyClashError):
        KeyResolver(others)


def test_the_same_key_in_two_modes_is_no_clash() -> None:
    KeyResolver((command("a", *on("x", Mode.BROWSE)), command("b", *on("x", Mode.EDIT))))
