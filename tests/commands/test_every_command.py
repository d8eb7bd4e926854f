"""The table as a whole: each command is described, reachable, runs, and leaves the state valid."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import TYPE_CHECKING

import pytest

from tests.commands.recipes import PICTURE, RECIPES, TEXT, Recipe
from tests.state.test_windows import in_windows
from tests.support.consensus import branches, consensus_review, group_of
from tests.support.doctext import TASK, UNIT, opened, text_of
from tests.support.journal import Journal
from tests.support.painting import painting
from tests.support.reviewed import moved_since_review
from tui_editor.commands.command import ANY_KEY, Command
from tui_editor.commands.context import Context
from tui_editor.commands.headless import HeadlessFront, Keyboard
from tui_editor.commands.resolver import KeyResolver, Pending, Run
from tui_editor.commands.table import LINE_NAMES, TABLE, by_id, find, keys_in, run
from tui_editor.model.document import make_document
from tui_editor.state.tool import AdjustTool, DrawTool, HandleTool, JumpTool, PathTool, PinTool, TurboTool
from tui_editor.state.view import Mode

if TYPE_CHECKING:
    from tui_editor.state.store import TaskState


FOLDER = TemporaryDirectory(prefix="every-command-")


def prepared(command: Command) -> tuple[Keyboard, Context]:
    """Return a keyboard in the state of the command's recipe, and the context to run the command in."""
    recipe = RECIPES.get(command.id, Recipe())
    if recipe.reviewed:
        store = moved_since_review()
    elif recipe.journal:
        store = Journal(recipe.text).open()
    elif recipe.windows:
        store = in_windows()
    elif recipe.stage == "consensus":
        store = consensus_review(recipe.text)
    else:
        store = painting(recipe.shapes, recipe.stage) if recipe.shapes else opened(recipe.text, recipe.stage)
    keyboard = Keyboard(store, HeadlessFront(recipe.answers))
    keyboard.front.picture = PICTURE
    keyboard.front.branched = branches("ann", "bo")
    keyboard.front.grouped = group_of(TASK, "other") if recipe.grouped else ()
    keyboard.loop.folder = Path(mkdtemp(dir=FOLDER.name)) if recipe.folder else None
    keyboard.type(recipe.keys)
    keyboard.front.pane = recipe.pane
    if recipe.lock is not None:
        store.set(lock=recipe.lock, read_only="bo edits it")
    assert keyboard.front.warnings == []
    context = Context(front=keyboard.front, task=keyboard.store, loop=keyboard.loop, argument=recipe.argument)
    return keyboard, context


def told(front: HeadlessFront) -> tuple[object, ...]:
    """Return what the front end was asked for so far."""
    return (*front.notes, *front.shown, *front.copied, front.pane, front.finished_tasks, front.opened, front.playing)


def check_valid(state: TaskState) -> None:
    """Check what holds in every state, whatever was done."""
    found = state.document
    assert all(i in found.instances for i in state.selection)
    assert 0 <= state.view.frame < state.unit.frame_count
    assert state.view.unit in {u.id for u in state.task.units}
    tools = {
        Mode.EDIT: (HandleTool,),
        Mode.DRAW: (DrawTool, PinTool),
        Mode.ADJUST: (AdjustTool,),
        Mode.JUMP: (JumpTool,),
        Mode.TOOL: (PathTool,),
        Mode.TURBO: (TurboTool,),
    }
    expected = tools.get(state.mode, ())
    assert isinstance(state.tool, expected) if expected else state.tool is None
    assert found.status.stage in {stage.name for stage in state.project.workflow.stages}
    assert all(key in found.instances for key, _ in found.tracks)
    assert all(key in found.instances for key in found.decisions)
    rebuilt = make_document(
        instances=found.instances.values(),
        tracks=dict(found.tracks.items()),
        issues=found.issues.values(),
        decisions=dict(found.decisions.items()),
        status=found.status,
    )
    for frame in range(10):
        assert rebuilt.on_frame(UNIT, frame) == found.on_frame(UNIT, frame)
    assert (rebuilt.lookup.decided, len(rebuilt.open_issues())) == (found.lookup.decided, len(found.open_issues()))


BUILT = [c for c in TABLE if not c.later]


def name(command: Command) -> str:
    return command.id


@pytest.mark.parametrize("command", BUILT, ids=name)
def test_each_command_runs_does_something_and_leaves_the_state_valid(command: Command) -> None:
    keyboard, context = prepared(command)
    store, before, heard = keyboard.store, keyboard.store.state, told(keyboard.front)
    loop = repr(keyboard.loop)
    assert run(command, context), keyboard.front.warnings
    assert keyboard.front.warnings in ([], ["2 issues still open"])
    check_valid(store.state)
    assert store.state is not before or told(keyboard.front) != heard or repr(keyboard.loop) != loop


@pytest.mark.parametrize("command", BUILT, ids=name)
def test_each_command_that_changes_the_document_is_taken_back_by_undo(command: Command) -> None:
    keyboard, context = prepared(command)
    before = keyboard.store.state.document
    run(command, context)
    after = keyboard.store.state.document
    if after is before or command.id in {"edit.undo", "edit.redo"}:
        return
    if after.status != before.status:
        assert keyboard.store.undo() == ""
        return
    assert keyboard.store.undo()
    assert before.same(keyboard.store.state.document)
    check_valid(keyboard.store.state)


@pytest.mark.parametrize("command", BUILT, ids=name)
def test_an_odd_argument_or_a_huge_count_neither_raises_nor_spoils(command: Command) -> None:
    for argument in ("zz", "-1", "9" * 400 + ",1", "nan", "inf", "qw", "\x1b[2J", "[b]", "@1,1 2x2"):
        keyboard, context = prepared(command)
        context.argument, context.count = argument, 9_999_999
        run(command, context)
        check_valid(keyboard.store.state)
        assert not any("\x1b" in text for text in (*keyboard.front.warnings, *keyboard.front.notes))


@pytest.mark.parametrize("command", BUILT, ids=name)
def test_each_command_without_a_selection_or_on_an_empty_task_neither_raises_nor_spoils(command: Command) -> None:
    for text, stage in (("", "annotate"), ("", "review"), (TEXT, "annotate"), (TEXT, "review"), (TEXT, "complete")):
        keyboard = Keyboard(opened(text, stage))
        run(command, Context(front=keyboard.front, task=keyboard.store, loop=keyboard.loop, argument=""))
        state = keyboard.store.state
        assert all(i in state.document.instances for i in state.selection)
        assert 0 <= state.view.frame < state.unit.frame_count


@pytest.mark.parametrize("command", BUILT, ids=name)
def test_each_command_without_a_task_says_so_instead_of_failing(command: Command) -> None:
    front = HeadlessFront()
    ran = run(command, Context(front=front, argument="l"))
    assert ran or front.warnings


def test_a_read_only_task_is_not_changed_by_any_command() -> None:
    for command in BUILT:
        keyboard, context = prepared(command)
        keyboard.store.set(read_only="ann edits it")
        before = keyboard.store.state.document
        run(command, context)
        assert keyboard.store.state.document is before, command.id


@pytest.mark.parametrize("command", [c for c in TABLE if c.later], ids=name)
def test_a_command_of_a_later_time_is_listed_and_says_why_it_does_nothing(command: Command) -> None:
    keyboard = Keyboard(opened(TEXT))
    assert not keyboard.line(command.id)
    assert [f"{command.title}: {command.later}"] == keyboard.front.warnings
    assert text_of(opened(TEXT).state.document) == text_of(keyboard.store.state.document)


def test_every_command_is_described() -> None:
    for command in TABLE:
        assert command.title
        assert command.doc.endswith("."), command.id
        assert command.group, command.id
        assert len(command.hint.split()) <= 2, command.id


def test_ids_and_titles_name_one_command_each_and_find_it() -> None:
    assert max(Counter(c.id for c in TABLE).values()) == 1
    assert max(Counter(c.title.casefold() for c in TABLE).values()) == 1
    for command in TABLE:
        assert command is find(command.id)
        assert command is find(command.title.upper())
        assert command is find(command.id.replace("_", "-"))


def test_short_names_of_the_line_lead_to_commands() -> None:
    assert set(LINE_NAMES.values()) <= set(by_id())


@pytest.mark.parametrize("command", TABLE, ids=name)
def test_each_key_of_a_command_leads_to_it_in_its_modes(command: Command) -> None:
    for key in command.keys:
        for mode in key.modes:
            resolver = KeyResolver(TABLE)
            *before, last = key.keys.replace(ANY_KEY, "y").split()
            assert all(isinstance(resolver.feed(mode, k), Pending) for k in before)
            found = resolver.feed(mode, last)
            assert isinstance(found, Run)
            assert (command, key.argument or ("y" if ANY_KEY in key.keys else "")) == (found.command, found.argument)
            assert key.keys in keys_in(command, mode)


def test_every_mode_has_keys_and_a_way_out() -> None:
    for mode in Mode:
        assert any(keys_in(c, mode) for c in TABLE)
    for mode in (Mode.REASON, Mode.EDIT, Mode.DRAW, Mode.TOOL, Mode.ADJUST, Mode.TURBO, Mode.ISSUES):
        assert any("escape" in keys_in(c, mode) for c in TABLE)


def test_no_key_needs_control_alt_or_a_function_key() -> None:
    for command in TABLE:
        hard = [k for k in command.keys if any(part.startswith(("ctrl+", "alt+")) for part in k.keys.split())]
        assert len(hard) < len(command.keys) or not command.keys or command.id == "app.suspend", command.id


def test_the_smoke_task_has_several_frames() -> None:
    assert TASK.units[0].frame_count > 10
