"""The screens around the canvas, as they are gone through with keys."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from tests.ui.projects import NARROW, WIDE, sitting, wait_for
from tui_editor.api.activities import recorded
from tui_editor.api.config import config_file
from tui_editor.api.project import Project
from tui_editor.api.workflow import assign_step, do
from tui_editor.model.ids import InstanceId, TaskId
from tui_editor.ports.activities import ActivityState
from tui_editor.storage.locate import open_store
from tui_editor.ui.dialogs.base import Dialog
from tui_editor.ui.dialogs.board import Board

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ui.projects import Desk

MENU = "g space"


async def test_the_menu_opens_with_one_key_and_runs_what_is_chosen(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press(MENU)
        await desk.type("dim the")
        await desk.press("enter")
        assert not desk.app.screen.query(Board)
        assert desk.state.display.dim_others


async def test_an_entry_that_is_not_possible_now_stays_in_the_menu_and_says_why(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press(MENU)
        await desk.type("track from")
        await desk.press("enter")
        await desk.settle()
        assert desk.app.screen.query(Board)
        assert "not now: automated labeling is not built yet" in desk.text


async def test_the_cursor_of_a_board_goes_past_the_names_of_groups(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press(MENU)
        board = desk.app.screen.query_one(Board)
        seen = []
        for _ in range(12):
            assert board.item is not None
            seen.append(board.item.key)
            await desk.press("down")
        assert seen[0] == "app.back"
        assert len(set(seen)) == 12
        await desk.press("pageup", "pageup", "up")
        assert board.item is not None
        assert board.item.key == "app.back"


async def test_the_queue_has_the_menu_as_well(annotate: Path) -> None:
    async with sitting(annotate, task=None) as desk:
        await desk.press(MENU)
        await desk.type("sort")
        await desk.settle()
        assert "Sort the queue" in desk.text


async def test_a_board_fits_a_small_screen_and_keeps_the_message_line_free(annotate: Path) -> None:
    async with sitting(annotate, size=WIDE) as desk:
        await desk.press(MENU)
        await desk.pilot.resize_terminal(*NARROW)
        await desk.settle()
        region = desk.app.screen.query_one(Board).region
        assert region.right <= NARROW[0]
        assert region.bottom <= NARROW[1] - 2


def give(folder: Path, person: str = "me") -> None:
    """Have the boss give the second task to somebody."""
    with Project(folder, open_store(folder), "boss") as project:
        do(project, TaskId(3), assign_step(person))


async def test_on_a_small_screen_all_that_is_told_of_a_setting_is_seen(annotate: Path) -> None:
    async with sitting(annotate, size=NARROW) as desk:
        await desk.press("g", "S")
        await desk.type("zoom on one")
        await desk.settle()
        assert desk.line_with("In the file: single_zoom")


async def test_what_others_did_is_counted_in_the_header_told_listed_and_then_read(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        desk.app.desk.bell.look_now()
        await desk.settle()
        give(annotate)
        desk.app.desk.bell.look_now()
        await wait_for(desk, lambda: "✉ 1" in desk.text)
        assert "boss gave you a task (third): gM lists it" in desk.text
        await desk.press("g", "M")
        await desk.settle()
        assert "boss gave you a task · now" in desk.text
        await desk.press("enter")
        await desk.settle()
        assert desk.state.task.title == "third"
        assert "✉ 1" not in desk.text


async def test_what_was_read_stays_read_for_that_person_in_the_next_window(annotate: Path) -> None:
    give(annotate)
    async with sitting(annotate, task=None) as desk:
        desk.app.desk.bell.look_now()
        await wait_for(desk, lambda: "✉ 1" in desk.text)
        await desk.press("g", "M", "escape")
    async with sitting(annotate) as desk:
        desk.app.desk.bell.look_now()
        await wait_for(desk, lambda: bool(desk.app.desk.bell.found))
        assert desk.app.desk.bell.unread == []


async def test_what_the_shell_did_is_counted_told_listed_with_its_outcome_and_then_read(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        desk.app.desk.bell.look_now()
        await wait_for(desk, lambda: desk.app.desk.bell._version is not None)
        with Project(annotate, open_store(annotate), "kim") as shell:
            with recorded(shell, "import", "streets.json") as recording:
                recording.outcome = "3 tasks"
            running = replace(shell.store.activities()[0], number=0, what="other.json", state=ActivityState.RUNNING)
            shell.store.note(replace(running, outcome="", ended_ms=0))
        desk.app.desk.bell.look_now()
        await wait_for(desk, lambda: "✉ 1" in desk.text)
        assert "kim: import streets.json: 3 tasks: gM lists it" in desk.text
        await desk.press("g", "M")
        await desk.settle()
        lines = [line for line in desk.lines if "import" in line or "Under way" in line or "New" in line]
        assert [word for line in lines for word in ("Under way", "other.json", "New", "streets.json") if word in line][
            :4
        ] == ["Under way", "other.json", "New", "streets.json"]
        assert "now · kim · 3 tasks" in desk.text
        await desk.press("escape")
        await desk.settle()
        assert "✉ 1" not in desk.text


async def test_the_marks_of_the_header_are_clicked(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.pilot.click("#header", offset=(desk.lines[0].index("share"), 0))
        await desk.settle()
        assert desk.screen.message.startswith("copied: tui-editor:///")
        assert "?task=" in desk.screen.message
        assert "&frame=0" in desk.screen.message
        await desk.pilot.click("#header", offset=(desk.lines[0].index("menu"), 0))
        await desk.settle()
        assert "Editor menu" in desk.text
        await desk.press("escape")
        await desk.pilot.click("#header", offset=(desk.lines[0].index("clip"), 0))
        await desk.settle()
        assert not desk.app.screen.query(Board)


async def test_without_news_the_list_says_so(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("g", "M")
        await desk.settle()
        assert "nobody did anything that concerns you lately" in desk.text


async def test_an_address_of_an_object_that_is_gone_opens_the_task_and_says_so(annotate: Path) -> None:
    async with sitting(annotate, instance=InstanceId(99)) as desk:
        assert "the object of the address is not in this task any more" in desk.text


HOSTILE = "\x1b]52;c;eA==\x07\u202e"


def instruct(folder: Path, text: str) -> None:
    with Project(folder, open_store(folder), "boss") as project:
        project.store.save_project(replace(project.info, instructions=text))


async def look(desk: Desk) -> None:
    """Have the editor look what is new, and go on until it has told it."""
    desk.app.desk.bell.look_now()
    await desk.settle()
    desk.app.desk.pulse()
    await desk.settle()


async def test_instructions_are_offered_read_and_then_offered_again_only_when_they_change(annotate: Path) -> None:
    instruct(annotate, "# Draw tight\n\n- one box a *car*\n" + "\n".join(f"- rule {n}" for n in range(60)))
    async with sitting(annotate) as desk:
        await look(desk)
        assert "this project has instructions for you: gI shows them" in desk.text
        await desk.press("g", "I")
        await desk.settle()
        assert "Draw tight" in desk.text
        assert "rule 59" not in desk.text
        await desk.press("G")
        await desk.settle()
        assert "rule 59" in desk.text
        await desk.press("escape")
        assert not desk.app.screen.query(Dialog)
    async with sitting(annotate) as desk:
        await look(desk)
        assert "instructions for you" not in desk.text
        instruct(annotate, "Draw loose")
        await look(desk)
        assert "this project has instructions for you" in desk.text


async def test_instructions_can_not_speak_to_the_terminal(annotate: Path) -> None:
    instruct(annotate, f"# Head{HOSTILE}\n\n[link](file:///etc/passwd) `code{HOSTILE}`\n\n[@click=app.quit]x[/]")
    async with sitting(annotate) as desk:
        await desk.press("g", "I")
        await desk.settle()
        assert "␛]52;c;eA==␇⟨U+202E⟩" in desk.text
        assert not {"\x1b", "\u202e", "\x07"} & set(desk.text)


async def test_without_instructions_the_key_says_that_there_are_none(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("g", "I")
        await desk.settle()
        assert "this project has no instructions" in desk.text


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the person a configuration folder; return the file."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return config_file()


def written(file: Path) -> str:
    return file.read_text() if file.exists() else ""


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True)
    file.write_text(text)


async def test_a_setting_is_found_by_typing_changed_by_key_and_holds_at_once(annotate: Path, config: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("g", "S")
        await desk.type("skip")
        await desk.press("enter", "ctrl+u")
        await desk.type("3")
        await desk.press("enter")
        await desk.settle()
        assert "Frame skip" in desk.line_with("from your file")
        assert desk.app.desk.loop.skip == 3
        assert written(config) == "skip = 3\n"
        await desk.press("escape", "L")
        assert desk.state.view.frame == 3


async def test_delete_gives_the_default_back_and_a_wrong_value_is_told(annotate: Path, config: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("g", "S")
        await desk.type("skip")
        await desk.press("enter")
        await desk.type("x")
        await desk.press("enter")
        await desk.settle()
        assert "skip can't be 10x (a number from 1 to 1000)" in desk.text
        assert written(config) == ""
        await desk.press("delete")
        await desk.settle()
        assert "from your file" not in desk.text


async def test_escape_in_a_question_of_a_board_leads_back_to_the_board(annotate: Path, config: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("g", "S")
        await desk.type("pictures")
        await desk.press("enter", "escape")
        await desk.settle()
        board = desk.app.screen.query_one(Board)
        assert board.item is not None
        assert board.item.key == "graphics"
        await desk.press("escape")
        assert not desk.app.screen.query(Dialog)


async def test_the_theme_changes_at_once_and_is_remembered(annotate: Path, config: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("g", "L")
        await desk.settle()
        assert written(config) == 'theme = "light"\n'
        assert desk.app.is_light
        header = desk.app.screen.query_one("#header")
        assert header.styles.background.hex.lower() == "#dfe3ec"
        await desk.press("g", "L")
        assert not desk.app.is_light


async def test_a_broken_configuration_is_told_and_nothing_opens(annotate: Path, config: Path) -> None:
    write(config, "theme = \n")
    async with sitting(annotate) as desk:
        await desk.press("g", "S")
        await desk.settle()
        assert "no TOML" in desk.screen.message
        assert not desk.app.screen.query(Dialog)


async def test_a_key_is_bound_by_pressing_it_and_holds_at_once(annotate: Path, config: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("g", "question_mark")
        await desk.type("next object")
        await desk.press("enter", "l")
        await desk.settle()
        assert "in browse and review mode it takes the keys of: l Next frame" in desk.text
        await desk.press("backspace", "asterisk")
        await desk.settle()
        assert "free in browse and review mode" in desk.text
        await desk.press("enter")
        await desk.settle()
        assert "* is bound" in desk.text
        assert "yours" in desk.text
        await desk.press("escape", "asterisk")
        assert desk.state.selected is not None
        assert tomllib.loads(written(config)) == {"keys": {"loop": {"*": "object.next", "j": ""}}}


async def test_one_command_gets_its_keys_back_and_so_do_all(annotate: Path, config: Path) -> None:
    write(config, '[keys.loop]\n"N" = "object.next"\n"E" = "geometry.edit"\n')
    async with sitting(annotate) as desk:
        await desk.press("g", "question_mark")
        await desk.type("next object")
        await desk.press("delete")
        assert "object.next" not in written(config)
        await desk.press("ctrl+u")
        await desk.type("all keys")
        await desk.press("enter", "y")
        await desk.settle()
        assert "geometry.edit" not in written(config)


async def test_keys_that_would_clash_with_ones_own_are_refused_and_the_file_stays(annotate: Path, config: Path) -> None:
    write(config, '[keys.loop]\n"N N" = "geometry.edit"\n')
    before = written(config)
    async with sitting(annotate) as desk:
        await desk.press("g", "question_mark")
        await desk.type("next object")
        await desk.press("enter", "N", "enter")
        await desk.settle()
        assert "can't be bound" in desk.screen.message
        assert tomllib.loads(written(config)) == tomllib.loads(before)
