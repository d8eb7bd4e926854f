"""Data and narration: tables, JSON, harmless text."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_editor.cli.options import picture_size, time_text, whole_number
from tui_editor.cli.output import counted, note, out, print_json, print_json_list, print_table, seldom, width
from tui_editor.errors import UsageError
from tui_editor.state.moments import moment_ms

HARMFUL = [chr(c) for c in (*range(0x20), *range(0x7F, 0xA0), 0x202E, 0x2066, 0x200B, 0x2028) if chr(c) != "\n"]


@given(st.lists(st.sampled_from([*HARMFUL, "a", "[/]", "é", "\ud800"])).map("".join))
def test_nothing_harmful_passes_a_note_or_a_table(text: str) -> None:
    import io
    from contextlib import redirect_stderr, redirect_stdout

    stdout, stderr = io.StringIO(), io.StringIO()
    with redirect_stdout(stdout), redirect_stderr(stderr):
        out(text.replace("\t", " "))
        note(text)
        print_table(("A", "B"), [(text, 1)])
        print_json_list([text])
    said = stdout.getvalue() + stderr.getvalue()

    assert [c for c in HARMFUL if c in said] == []
    assert stderr.getvalue().count("\n") == 1


def test_columns_are_as_wide_as_their_widest_cell(capsys: pytest.CaptureFixture[str]) -> None:
    assert print_table(("A", "LONG"), [("x", 1), ("日本", 2)]) == 2
    assert capsys.readouterr().out == "A     LONG\nx     1\n日本  2\n"


def test_a_table_without_rows_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert print_table(("A",), []) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("values", [[], [1], [{"a": "x"}, {"a": "\x1b\u202e"}]])
def test_a_list_is_one_json_document_in_ascii(values: list[object], capsys: pytest.CaptureFixture[str]) -> None:
    count = print_json_list(iter(values))
    said = capsys.readouterr().out

    assert (count, json.loads(said)) == (len(values), values)
    assert said.isascii()
    assert "\x1b" not in said


def test_a_value_is_json_in_ascii(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"name": "é\x1b"})

    assert json.loads(capsys.readouterr().out) == {"name": "é\x1b"}


@pytest.mark.parametrize(("text", "cells"), [("abc", 3), ("é", 1), ("e\u0301", 1), ("日本", 4), ("␛", 1)])
def test_width_is_that_of_a_terminal(text: str, cells: int) -> None:
    assert width(text) == cells


def test_one_thing_is_not_called_things() -> None:
    assert (counted(1, "task"), counted(0, "task"), counted(2, "task")) == ("1 task", "0 tasks", "2 tasks")


@pytest.mark.parametrize("text", ["", "1280", "x", "0x5", "-3x4", "1e3x5", "99999x99999", "12x12x12", "１x１"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        picture_size(text)


def test_a_size_is_width_and_height() -> None:
    assert picture_size("1280x720") == (1280, 720)


@pytest.mark.parametrize("text", ["-1", "1.5", "", "１", "9" * 13])
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        whole_number(text)


def test_a_time_is_iso_or_so_long_ago() -> None:
    assert moment_ms("2025-01-31T12:00:00+00:00") == 1738324800000
    assert 3_590_000 < moment_ms("0s") - moment_ms("1h") < 3_610_000
    assert time_text(1738324800000) == "2025-01-31T12:00:00Z"
    assert time_text(0) == ""
    assert time_text(10**30) == f"{10**30} ms"


@pytest.mark.parametrize("text", ["yesterday", "2h30m", "", "2025-13-01"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        moment_ms(text)


def test_progress_is_told_seldom_but_first_and_last_always() -> None:
    told: list[tuple[int, int | None]] = []
    times = iter(n / 100 for n in range(1000))
    tell = seldom(lambda done, total: told.append((done, total)), every_s=0.05, clock=lambda: next(times))

    for done in range(1, 13):
        tell(done, 12)

    assert [done for done, _ in told] == [1, 6, 11, 12]
