"""Earlier lines and macros outlive the window, and those of several windows are kept together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.projects import sitting
from tui_editor.commands.steps import Answered, Step
from tui_editor.ui.kept import HISTORY, MACROS, KeptHistory, KeptMacros

if TYPE_CHECKING:
    from pathlib import Path

steps = st.builds(
    Step,
    command=st.sampled_from(["object.next", "object.class"]),
    count=st.none() | st.integers(1, 99),
    argument=st.text(max_size=5),
    answers=st.lists(st.builds(Answered, kind=st.just("text"), texts=st.tuples(st.text(max_size=5))), max_size=2),
)


def test_lines_of_two_windows_are_kept_together(tmp_path: Path) -> None:
    one, two = KeptHistory(tmp_path), KeptHistory(tmp_path)
    one.add("a")
    one.file.close(5)
    two.add("b")
    two.file.close(5)
    one.add("c")
    one.file.close(5)
    assert KeptHistory(tmp_path).lines == ["a", "b", "c"]
    assert one.lines[-1] == "c"


@given(st.lists(steps, min_size=1, max_size=4).map(tuple))
def test_a_macro_is_the_same_after_a_restart(tmp_path_factory: pytest.TempPathFactory, made: tuple[Step, ...]) -> None:
    folder = tmp_path_factory.mktemp("state")
    first = KeptMacros(folder)
    first.keep("a", made)
    first.file.close(5)
    other = KeptMacros(folder)
    other.keep("b", (Step(command="object.next"),))
    other.file.close(5)
    assert KeptMacros(folder).steps("a") == made
    assert KeptMacros(folder).names == ["a", "b"]


@pytest.mark.parametrize("content", [b"", b"nonsense", b"[3]", b'{"a": 3}', b"\xff\xfe"])
def test_a_broken_file_is_as_good_as_none_and_is_written_anew(tmp_path: Path, content: bytes) -> None:
    for name in (HISTORY, MACROS):
        (tmp_path / name).write_bytes(content)
    history, macros = KeptHistory(tmp_path), KeptMacros(tmp_path)
    assert (history.lines, macros.names) == ([], [])
    history.add("x")
    macros.keep("a", (Step(command="object.next"),))
    for kept in (history, macros):
        kept.file.close(5)
    assert (KeptHistory(tmp_path).lines, KeptMacros(tmp_path).names) == (["x"], ["a"])


def test_a_folder_that_cannot_be_written_to_loses_nothing_of_the_sitting(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    history = KeptHistory(tmp_path / "file" / "inside")
    history.add("x")
    history.file.close(5)
    assert history.lines == ["x"]


async def test_a_macro_is_recorded_and_played_in_the_next_window(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("Q", "a")
        assert "● a" in desk.lines[-1]
        await desk.press("j", "c", "2", "Q")
        assert "macro a holds 2 steps" in desk.editor.message
        assert "● a" not in desk.lines[-1]
        await desk.press("colon")
        await desk.type("frame.go 2")
        await desk.press("enter")
    async with sitting(annotate) as desk:
        await desk.press("colon", "up")
        assert "frame.go 2" in desk.text
        await desk.press("escape", "g g", "escape", "&", "a")
        await desk.settle()
        assert "macro a: 2 steps done" in desk.editor.message
