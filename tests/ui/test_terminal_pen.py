"""The pen: text looks as it did, with fewer bytes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui_editor.ui.terminal.pen import PLAIN, Look, Pen, _after

CODES = st.sampled_from(
    [
        "0",
        "",
        "1",
        "2",
        "4",
        "7",
        "31",
        "97",
        "45",
        "103",
        "38;5;7",
        "48;5;200",
        "38;2;1;2;3",
        "48;2;9;8;7",
        "1;38;2;1;2;3",
    ]
)
PIECES = st.lists(st.tuples(CODES, st.text("ab ", max_size=3)), max_size=12)


def looks(text: str, look: Look = PLAIN) -> list[tuple[str, Look]]:
    """Return the characters that a terminal shows, each with how it looks, by its own reading of the sequences."""
    shown, at = [], 0
    while at < len(text):
        if text.startswith("\x1b[", at):
            end = text.index("m", at)
            look = _after(look, text[at + 2 : end])
            at = end + 1
        else:
            shown.append((text[at], look if text[at] != " " else on_a_space(look)))
            at += 1
    return shown


def on_a_space(look: Look) -> Look:
    """Return what of a look is seen on a space: with lines or colours swapped the ink too, else only the paper."""
    unseen = look.attributes - {"1", "2", "3"}
    return Look(unseen, look.ink, look.paper) if unseen else Look(paper=look.paper)


def styled(pieces: list[tuple[str, str]]) -> str:
    return "".join(f"\x1b[{codes}m{words}" for codes, words in pieces)


@given(st.lists(PIECES, max_size=4))
def test_lines_look_as_they_did_and_the_pen_is_plain_at_the_end(lines: list[list[tuple[str, str]]]) -> None:
    pen = Pen()
    written = "".join(pen.write(styled(line)) for line in lines) + pen.put_down()

    assert looks(written) == [character for line in lines for character in looks(styled(line))]
    assert looks(written + "x")[-1] == ("x", PLAIN)


def test_what_the_pen_has_is_not_told_again() -> None:
    text = "\x1b[1;38;2;1;2;3;48;2;0;0;0ma\x1b[0m\x1b[1;38;2;9;9;9;48;2;0;0;0mb\x1b[0m"

    assert Pen().write(text) == "\x1b[1;38;2;1;2;3;48;2;0;0;0ma\x1b[38;2;9;9;9mb"


def test_spaces_take_no_ink() -> None:
    assert Pen().write("\x1b[1;31;44ma\x1b[0m\x1b[32;44m  \x1b[0m\x1b[1;31;44mb\x1b[0m") == "\x1b[1;31;44ma  b"


def test_an_attribute_is_taken_away_by_a_reset() -> None:
    assert Pen().write("\x1b[1;31ma\x1b[0m\x1b[31mb\x1b[0m") == "\x1b[1;31ma\x1b[0;31mb"


def test_colours_of_all_kinds_are_told_apart_from_attributes() -> None:
    assert _after(PLAIN, "1;4;97;48;5;200") == Look(frozenset({"1", "4"}), "97", "48;5;200")
    assert _after(PLAIN, "38;2;1;2;3;103") == Look(frozenset(), "38;2;1;2;3", "103")
