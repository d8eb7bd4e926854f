"""Keys in the editor: the loop of a review, what the bars tell, and what happens when keeping fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from tests.support.read_only import read_only
from tests.ui.projects import (
    CLIP,
    NARROW,
    ONTOLOGY,
    WIDE,
    Desk,
    build,
    labelled,
    project_info,
    renamed,
    sitting,
    wait_for,
)
from tui_editor.api.editing import this_session
from tui_editor.commands.keymap import default_keymap
from tui_editor.errors import StoreFenced
from tui_editor.model.ids import TaskId
from tui_editor.ports import Session
from tui_editor.state.view import Mode
from tui_editor.storage.committer import Committer
from tui_editor.storage.faulty import Fault, FaultyStore
from tui_editor.storage.locate import open_store
from tui_editor.ui.footer import footer_commands, hint_keys, reason_hints
from tui_editor.ui.widgets.bars import fitting
from tui_editor.ui.widgets.inks import luminance
from tui_editor.ui.widgets.rows import LEAST_LUMINANCE, readable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tui_editor.ports import ProjectStore
    from tui_editor.ui.app import EditorApp


# --- the loop ------------------------------------------------------------------------------------------


async def test_a_review_needs_a_x_and_digits_only_and_ends_with_enter(review: Path) -> None:
    async with sitting(review) as desk:
        assert desk.state.selected is not None, "the first object is selected from the start"
        await desk.press("a", "x 2", "a", "a", "a")
        assert "everything is decided: Enter ends the review" in desk.editor.message
        assert "5/5 · 1 rejected" in desk.text
        await desk.press("enter")
        await desk.settle()
        assert desk.state.task.id == TaskId(2), "the next task of the stage is opened"
        assert "next is second" in desk.editor.message


async def test_the_progress_line_tells_pace_and_time_left(review: Path) -> None:
    async with sitting(review) as desk:
        assert "0/5 · 0 rejected REVIEW" in desk.text
        await desk.press("a", "a")
        line = desk.line_with("2/5 · 0 rejected")
        assert " s/obj · ~" in line
        assert line.rstrip().endswith("left REVIEW")
        message = "x" * (len(line) - 20)
        desk.editor.tell(message)
        await desk.settle()
        assert desk.line_with(message).rstrip().endswith(" 2/5 REVIEW"), "the pace gives way to what is said"


def test_few_canned_reasons_are_told_whole_where_nine_are_shortened() -> None:
    few = ["Not tight", "Wrong class", "Missing object"]
    assert [words for _, words in reason_hints(few, 80)] == few
    assert reason_hints(few * 3, 80)[2] == ("3", "Missin…")


async def test_reasons_are_told_after_x_on_every_size_of_screen(review: Path) -> None:
    for size in (WIDE, NARROW):
        async with sitting(review, size=size) as desk:
            await desk.press("x")
            bars = "".join(desk.lines[-2:])
            assert all(f" {n} " in bars for n in range(1, 10))
            assert "Esc back" in bars
            await desk.press("escape")
            assert "1 Not" not in desk.text
            assert desk.state.mode is Mode.REVIEW


async def test_the_footer_tells_the_most_used_keys_first_and_never_half_a_hint(review: Path) -> None:
    async with sitting(review) as desk:
        first = " a approve  x reject  Space later  n undecided  j next  u undo  z zoom  i issue  e edit  ⏎ end review "
        assert desk.lines[-1].startswith(first)
        await desk.pilot.resize_terminal(*NARROW)
        await desk.settle()
        assert desk.lines[-1].rstrip().endswith("? help")


async def test_the_footer_says_submit_while_annotating_and_end_review_in_review(annotate: Path, review: Path) -> None:
    for folder, words in ((annotate, " ⏎ submit "), (review, " ⏎ end review ")):
        async with sitting(folder) as desk:
            assert words in desk.lines[-1]


def test_hints_that_have_no_room_are_left_out_whole() -> None:
    hints = [("a", "approve"), ("x", "reject"), ("?", "help")]
    assert fitting(hints, 20) == [("a", "approve"), ("?", "help")]
    assert hints == fitting(hints, 100)
    assert fitting(hints, 3) == [("?", "help")]


@pytest.mark.parametrize("mode", list(Mode))
def test_each_mode_has_a_footer_that_ends_with_help(mode: Mode) -> None:
    commands = footer_commands(default_keymap(), mode)
    assert commands[-1].id == "app.help"
    assert all(c.hint and hint_keys(c, mode) for c in commands)
    assert len(commands) == len(set(commands))


async def test_a_prefix_tells_what_may_follow(review: Path) -> None:
    async with sitting(review) as desk:
        await desk.press("g")
        assert "g …" in desk.lines[-1]
        assert "First frame" in "".join(desk.lines[-2:])
        await desk.press("escape")
        assert "First frame" not in desk.text


async def test_a_key_that_means_nothing_is_told_and_the_next_key_clears_it(review: Path) -> None:
    async with sitting(review) as desk:
        await desk.press("~")
        assert "~ means nothing here: ? shows the keys" in desk.editor.message
        await desk.press("j")
        assert desk.editor.message == ""


async def test_playing_ends_with_any_key(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("p")
        await wait_for(desk, lambda: desk.state.view.frame > 0)
        await desk.press("p")
        at = desk.state.view.frame
        await desk.pilot.pause(0.25)
        assert at == desk.state.view.frame


# --- keeping -------------------------------------------------------------------------------------------


def opening(folder: Path, fault: Fault) -> Callable[..., Committer]:
    """Return what makes a store thread whose first commit fails."""

    def made(_: Callable[[], ProjectStore], **more: object) -> Committer:
        return Committer(lambda: FaultyStore(open_store(folder), [fault]), **more)  # type: ignore[arg-type]  # the faulty store passes everything else on

    return made


@pytest.mark.parametrize(
    ("fault", "why"), [(Fault.FULL, "the disk is full"), (Fault.FENCED, "taken over")], ids=["full", "fenced"]
)
async def test_an_edit_that_the_store_refuses_is_rolled_back_and_told(
    review: Path, monkeypatch: pytest.MonkeyPatch, fault: Fault, why: str
) -> None:
    monkeypatch.setattr("tui_editor.ui.app.Committer", opening(review, fault))
    async with sitting(review) as desk:
        before = desk.labels
        await desk.press("a")
        await wait_for(desk, lambda: bool(desk.state.durability.problem))
        await desk.settle()
        assert before == desk.labels
        assert f"not kept, rolled back: injected: {why}" in desk.editor.message
        assert "✗ rolled back" in desk.lines[0]


async def test_a_commit_whose_answer_was_lost_is_not_kept_twice(review: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui_editor.ui.app.Committer", opening(review, Fault.AFTER))
    async with sitting(review) as desk:
        before = desk.state.durability.seq
        await desk.press("a")
        await desk.settle()
        assert (before + 1, "✓ kept") == (desk.state.durability.seq, "✓ kept")
        assert "✓ kept" in desk.lines[0]


async def test_a_task_that_somebody_edits_opens_read_only_and_says_who(review: Path) -> None:
    other = open_store(review)
    lease = other.acquire(CLIP, replace(this_session("ann"), id="other"))
    try:
        async with sitting(review, person="bo") as desk:
            assert "ann" in desk.state.read_only
            assert "read-only" in desk.lines[0]
            before = desk.labels
            await desk.press("a")
            assert before == desk.labels
            assert "ann" in desk.editor.message
    finally:
        other.release(lease)
        other.close()


async def test_a_project_that_may_only_be_read_opens_read_only_and_says_so(review: Path) -> None:
    with read_only(review) as view:
        async with sitting(view) as desk:
            assert "read-only: the project may only be read here" in desk.lines[0]
            before = desk.labels
            await desk.press("l", "a", "x 1", "d d")
            assert before == desk.labels
            assert "the project may only be read here" in desk.editor.message


async def test_a_lock_that_is_lost_makes_the_task_read_only(review: Path) -> None:
    async with sitting(review) as desk:
        store = open_store(review)
        store.acquire(CLIP, Session(id="s", person="ann"), take=True)
        store.close()
        desk.app._lost(StoreFenced("taken over"))
        await desk.pilot.pause()
        assert "ann took it over" in desk.state.read_only
        assert "read-only from now on" in desk.editor.message
        before = desk.labels
        await desk.press("a", "x 1", "u")
        assert before == desk.labels


async def test_a_window_that_was_killed_opens_where_it_was(review: Path, tmp_path: Path) -> None:
    from shutil import copytree

    killed = tmp_path / "killed"
    async with sitting(review) as desk:
        await desk.press("a", "l l", "j j")
        await desk.settle()
        where = (desk.state.view.frame, desk.state.selected, desk.labels)
        # what is on disk now is what a killed process leaves behind
        copytree(review, killed)
    async with sitting(killed) as desk:
        assert where == (desk.state.view.frame, desk.state.selected, desk.labels)
    async with sitting(killed, task=None) as desk:
        await desk.press("enter")
        await desk.settle()
        assert desk.state.task.id == CLIP, "the queue's cursor stands on the task that was open last"


class _Shy:
    """A value that must not be printed."""

    printed = 0

    def __repr__(self) -> str:
        type(self).printed += 1
        return "shy"


async def test_an_unexpected_error_ends_the_app_without_printing_what_it_worked_on(
    review: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: str) -> None:
        document = _Shy()
        raise RuntimeError("a defect", id(document))

    failed: list[EditorApp] = []

    async def one_key() -> None:
        async with sitting(review) as desk:
            failed.append(desk.app)
            monkeypatch.setattr(desk.editor, "press", fails)
            await desk.press("j")
            await desk.pilot.pause()

    with pytest.raises(RuntimeError, match="a defect"):
        await one_key()
    assert isinstance(failed[0].failure, RuntimeError)
    assert _Shy.printed == 0


# --- names from data -----------------------------------------------------------------------------------

HOSTILE = "\x1b[31mred\x07 \u202egnp [@click=app.quit]x[/] [/] [bold]b[/bold]"
SHOWN = "␛[31mred␇ ⟨U+202E⟩gnp [@click=app.quit]x[/] [/]"


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """Return a project whose names try to do harm."""
    info = project_info(
        name=HOSTILE,
        ontology=renamed(car=HOSTILE, van=HOSTILE),
        issue_tags=(HOSTILE,),
        reasons=(HOSTILE,),
    )
    return build(tmp_path / "hostile", [labelled("review", title=HOSTILE)], info)


def is_harmless(desk: Desk) -> bool:
    """Return whether no control or direction character is on the screen."""
    return not any(c < " " or c in "\x7f\x9b\u202e\u2066" for line in desk.lines for c in line)


@pytest.mark.parametrize(
    "keys",
    ["", "c", "f", "f 1", "i", "x", "x #", "d a", "question_mark", "colon", "s b", "tab", "/", "g"],
)
async def test_hostile_names_are_shown_harmless_everywhere(hostile: Path, keys: str) -> None:
    async with sitting(hostile, size=(200, 50)) as desk:
        await desk.press(keys)
        await desk.settle()
        assert is_harmless(desk)
        assert SHOWN[:18] in desk.text
        assert all(cell_len(line) == 200 for line in desk.lines)


async def test_a_hostile_issue_is_shown_harmless(hostile: Path) -> None:
    async with sitting(hostile, size=(200, 50)) as desk:
        await desk.press("i", "enter")
        desk.editor._run_line(f"issue.new {HOSTILE}")
        await desk.settle()
        await desk.press("I", "enter")
        assert is_harmless(desk)
        flags = [line.rpartition("⚑ ")[2] for line in desk.lines[1:] if "⚑ " in line]
        assert any("␛[31mred" in words for words in flags)


async def test_a_hostile_queue_is_shown_harmless(hostile: Path) -> None:
    async with sitting(hostile, task=None, size=(200, 50)) as desk:
        assert is_harmless(desk)
        assert SHOWN[:30] in desk.lines[2]
        await desk.press("/")
        await desk.type("[/]")
        await desk.press("enter")
        assert "1 task" in desk.lines[0]


async def test_a_click_on_a_hostile_name_runs_nothing(hostile: Path) -> None:
    async with sitting(hostile, size=(200, 50)) as desk:
        for x in range(0, 120, 6):
            await desk.pilot.click("#header", offset=(x, 0))
        assert desk.app.is_running
        assert desk.editor.is_current


@pytest.mark.parametrize("name", ["信号机", "🚗 wagon", "e\u0301te\u0301", "👩‍👩‍👧 family", "ﺳﻴﺎﺭﺓ"])
async def test_wide_names_keep_the_columns(tmp_path: Path, name: str) -> None:
    info = project_info(ontology=renamed(car=name, van="plain"))
    folder = build(tmp_path / "wide", [labelled("review", title=name)], info)
    for size in (WIDE, NARROW):
        async with sitting(folder, size=size) as desk:
            await desk.press("j", "c")
            assert {size[0]} == {cell_len(line) for line in desk.lines}
            await desk.press("escape", "q")
            await desk.settle()
            assert {size[0]} == {cell_len(line) for line in desk.lines}
            title = desk.lines[2].split("review")[0]
            assert cell_len(title) == (24 if size is NARROW else 36)


@pytest.mark.parametrize("color", [c.color for c in ONTOLOGY.all()] + ["#000000", "#0062B1", "#194D33", "#9F0500"])
def test_class_colours_can_be_read_on_the_dark_screen(color: str) -> None:
    shown = readable(color)
    assert luminance([int(shown[n : n + 2], 16) for n in (1, 3, 5)]) >= LEAST_LUMINANCE


def test_light_colours_stay_and_no_colour_is_grey() -> None:
    assert readable("#73D8FF") == "#73d8ff"
    assert readable("red; drop") == "#b3b3b3"
