"""Answers are told from keys."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_editor.ui.terminal.replies import LATE_LIMIT, LateAnswers

ANSWERS = [
    "\x1bP>|kitty(0.40.0)\x1b\\",
    "\x1b_Gi=31;OK\x1b\\",
    "\x1b[?62;4;22c",
    "\x1b[>1;4000;29c",
    "\x1b[6;16;8t",
    "\x1b[8;45;160t",
    "\x1b[?1;0;256S",
    "\x1b[?2;0;2000;2000S",
    "\x1b]52;c;c2VjcmV0\x1b\\",
    "\x1b]11;rgb:0000/0000/0000\x07",
    "\x1bP1+r524742=38\x1b\\",
    "\x1bP1$r0;48:2:1:2:3m\x1b\\",
    "\x1b[0n",
]
KEYS = ["a", "\x1b", "\x1bOP", "\x1b[A", "\x1b[6;5~", "\x1b[1;5C", "\x1b[<0;10;20M", "\x1b[97;;97u", "\x1b[?2026;2$y"]


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_never_reaches_the_keys(answer: str) -> None:
    assert LateAnswers().feed(f"a{answer}b") == "ab"


@pytest.mark.parametrize("key", KEYS)
def test_a_key_passes(key: str) -> None:
    filtered = LateAnswers()

    assert filtered.feed(key) + filtered.idle() == key
    assert filtered.dropped == 0


@given(st.lists(st.sampled_from([*ANSWERS, "x", "yz", "\x1b[A"]), max_size=6), st.integers(3, 40))
def test_an_answer_may_be_cut_between_reads(pieces: list[str], cut: int) -> None:
    text = "".join(pieces)
    if text[:cut].endswith("\x1b"):
        cut += 1  # a lone Escape is a key at once
    filtered = LateAnswers()

    kept = filtered.feed(text[:cut]) + filtered.feed(text[cut:])

    assert kept == "".join(piece for piece in pieces if piece not in ANSWERS)


@given(st.lists(st.sampled_from([*ANSWERS, "x", "yz"]), max_size=6), st.lists(st.integers(0, 200), max_size=8))
def test_while_answers_are_owed_they_may_be_cut_anywhere(pieces: list[str], cuts: list[int]) -> None:
    text = "".join(pieces)
    places = [0, *sorted(cuts), len(text)]
    filtered = LateAnswers(owed=True)

    kept = ""
    for start, end in pairwise(places):
        kept += filtered.feed(text[start:end])
        filtered.owed = True  # however many last answers the text has

    assert kept == "".join(piece for piece in pieces if piece not in ANSWERS)


def test_escape_is_a_key_at_once_unless_answers_are_owed_and_after_a_while_in_any_case() -> None:
    assert LateAnswers().feed("\x1b") == "\x1b"
    filtered = LateAnswers(owed=True)
    assert filtered.feed("\x1b") == ""
    assert filtered.idle() == "\x1b"


def test_the_last_answer_ends_what_is_owed() -> None:
    filtered = LateAnswers(owed=True)
    assert filtered.feed("\x1bP>|kitty(0.40.0)\x1b\\") == ""
    assert filtered.owed
    assert filtered.feed("\x1b[?62c") == ""
    assert not filtered.owed


def test_alt_with_a_letter_that_answers_begin_with_is_given_back_when_nothing_follows() -> None:
    filtered = LateAnswers()

    assert filtered.feed("\x1bP") == ""
    assert filtered.idle() == "\x1bP"
    assert filtered.idle() == ""


def test_an_answer_without_an_end_is_not_kept_for_ever() -> None:
    filtered = LateAnswers()
    for _ in range(4):
        filtered.feed("\x1b_G" + "x" * LATE_LIMIT)

    assert len(filtered._held) <= LATE_LIMIT
    assert filtered.feed("a") == "a"
