"""Bindings over the default: what they take, what they leave, and what is told of those that can't be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.doctext import opened
from tui_editor.api.config import KeyEntry, KeysConfig, load_config
from tui_editor.api.config_page import config_page
from tui_editor.cli.parser import PRESETS as OFFERED
from tui_editor.cli.verbs.keys import MODES
from tui_editor.commands.headless import Keyboard
from tui_editor.commands.keymap import Bound, Keymap, default_keymap, made_keymap, normal
from tui_editor.commands.presets import PRESETS, keymap_for, preset_layer
from tui_editor.commands.resolver import KeyResolver
from tui_editor.commands.table import TABLE, keys_in
from tui_editor.state.view import Mode
from tui_editor.text import one_line

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "car@0 box 10,10 20,20\nvan@0 box 1,1 2,2"


def made(*bindings: tuple[str, str], mode: Mode = Mode.BROWSE) -> Keymap:
    layer = [Bound(mode, keys, command, f"line {n}") for n, (keys, command) in enumerate(bindings, start=1)]
    found = made_keymap([layer])
    KeyResolver(found.commands)  # raises when keys clash
    return found


def keys(keymap: Keymap, name: str, mode: Mode = Mode.BROWSE) -> list[str]:
    command = keymap.command(name)
    assert command is not None
    return keys_in(command, mode)


def test_without_bindings_the_table_is_as_it_was() -> None:
    assert keymap_for() is default_keymap()
    assert made_keymap([[]]).commands == TABLE


def test_a_binding_takes_its_keys_and_runs() -> None:
    keymap = made(("ctrl+d", "object.delete"), ("x", "draw.box van"))
    keyboard = Keyboard(opened(TEXT), keymap=keymap)
    keyboard.type("j ctrl+d x")
    assert keyboard.store.state.mode is Mode.DRAW
    assert len(keyboard.store.state.document.instances) == 1
    assert keys(keymap, "object.delete") == ["ctrl+d", "d d", "delete"]
    assert keys(keymap, "object.delete", Mode.REVIEW) == ["d d", "delete"]


def test_a_binding_takes_the_sequences_that_begin_with_its_keys() -> None:
    keymap = made(("g", "frame.last"), ("d d d", "object.delete_all"))
    assert keys(keymap, "frame.first") == []
    assert keys(keymap, "frame.first", Mode.REVIEW) == ["g g"]
    assert keys(keymap, "object.delete") == ["delete"]
    assert keys(keymap, "object.delete_all") == ["d d d", "d a"]
    assert keymap.problems == ()


def test_an_empty_command_unbinds_keys_and_what_begins_with_them() -> None:
    keymap = made(("b", ""), ("_", ""), ("M", "view.labels"))
    assert keys(keymap, "view.labels") == ["M"]
    assert keys(keymap, "app.pane") == []


def test_messages_name_the_keys_that_are_bound() -> None:
    keyboard = Keyboard(opened(TEXT), keymap=made(("j", ""), ("down", ""), ("ctrl+n", "object.next")))
    keyboard.line("object.delete_all")
    keyboard.line("app.copy_id")
    assert keyboard.front.warnings[-1] == "Copy the identifier: nothing is selected"
    keymap = keyboard.loop.keymap
    assert keymap.told("‹object.next› selects", Mode.BROWSE) == "Ctrl+N selects"
    assert keymap.told("‹object.next› selects", Mode.REVIEW) == "j selects"
    assert keymap.told("‹frame.first› and ‹task.end›") == "gg and Enter"
    assert keymap.told("‹later.nothing› too") == ":later.nothing too"


@pytest.mark.parametrize(
    ("binding", "problem"),
    [
        (("x", "object.delte"), "line 1: there is no command object.delte (perhaps object.delete"),
        (("x", "frame.next 3"), "line 1: frame.next takes no argument (leave 3 out)"),
        (("x <any>", "frame.next"), "line 1: frame.next takes no key"),
        (("", "frame.next"), "line 1: keys are missing"),
        (("d  d", "frame.next"), "line 1: keys are missing"),
        (("ctrl+i", "frame.next"), "line 1: terminals send tab for ctrl+i (bind tab or another key)"),
        (("shift+a", "frame.next"), "line 1: shift+a is written as the character that it types (A)"),
        (("hyperspace", "frame.next"), "line 1: there is no key hyperspace"),
        (("ctrl+", "frame.next"), "line 1: there is no key ctrl+"),
        (("\x1b[2J", "frame.next"), "line 1: there is no key ␛[2J"),
    ],
)
def test_what_cannot_be_bound_is_told_and_left_out(binding: tuple[str, str], problem: str) -> None:
    keymap = made(binding)
    assert keymap.problems[0].startswith(problem)
    assert keymap.commands == TABLE


def test_two_bindings_of_which_one_begins_with_the_other_clash() -> None:
    keymap = made(("x", "frame.next"), ("x y", "frame.last"))
    (problem,) = keymap.problems
    assert problem.startswith("line 2: `x y` in browse can't be bound to frame.last: line 1 binds `x` to frame.next (")
    assert keys(keymap, "frame.next") == ["x", "l", "right"]


def test_a_mode_keeps_a_way_out() -> None:
    keymap = made(("escape", ""), ("q", "geometry.grow"), mode=Mode.EDIT)
    assert keys(keymap, "geometry.leave", Mode.EDIT) == ["escape"]
    assert "edit mode had no way out" in keymap.problems[0]
    assert made(("escape", ""), mode=Mode.EDIT).problems == ()  # q leaves it as well


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Ctrl+D", "ctrl+d"),
        ("Del", "delete"),
        ("F5", "f5"),
        ("shift+ctrl+V", "ctrl+shift+v"),
        ("g G", "g G"),
        ("+", "+"),
    ],
)
def test_keys_are_read_as_the_table_writes_them(written: str, meant: str) -> None:
    assert normal(written) == meant


bindings = st.tuples(
    st.sampled_from(list(Mode)),
    st.sampled_from(["x", "g", "g g", "ctrl+d", "escape", "d d d", "1", "<any>", "m <any>", "bad key", "", "q"])
    | st.text(max_size=4),
    st.sampled_from(["", "object.delete", "frame.next", "mark.set", "view.pan h", "nothing.such", "geometry.leave"]),
)


@given(st.lists(st.lists(bindings, max_size=6), max_size=3))
def test_any_bindings_give_keys_that_do_not_clash(layers: list[list[tuple[Mode, str, str]]]) -> None:
    keymap = made_keymap([[Bound(*binding, "line 1") for binding in layer] for layer in layers])
    KeyResolver(keymap.commands)
    assert all(problem == one_line(problem, 2000) for problem in keymap.problems)


# --- presets ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_binds_commands_that_there_are(name: str) -> None:
    keymap = keymap_for(name)
    assert keymap.problems == ()
    KeyResolver(keymap.commands)
    wanted = {(b.mode, b.keys): b.command.split(" ")[0] for b in preset_layer(name)}
    found = {(mode, key.keys): c.id for c in keymap.commands for key in c.keys for mode in key.modes}
    assert wanted.items() <= found.items()


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_leaves_every_command_a_key_where_it_had_one(name: str) -> None:
    keymap = keymap_for(name)
    lost = [
        (c.id, mode.value)
        for c in TABLE
        for mode in Mode
        if keys_in(c, mode) and not keys(keymap, c.id, mode) and not c.later and c.id != "app.suspend"  # ctrl+z undoes
    ]
    assert lost == []


def test_the_command_line_offers_the_presets_and_modes_that_there_are() -> None:
    assert tuple(PRESETS) == OFFERED
    assert tuple(mode.value for mode in Mode) == MODES
    assert all(f"`{mode.value}`" in config_page() for mode in Mode)


def test_what_was_typed_in_another_editor_does_the_same() -> None:
    keyboard = Keyboard(opened(TEXT), keymap=keymap_for("cvat"))
    keyboard.type("f f d v")
    assert keyboard.store.state.view.frame == 11
    keyboard.type("c d tab q ctrl+z tab shift+delete")
    assert [i.class_id for i in keyboard.store.state.document.instances.values()] == ["car"]
    keyboard = Keyboard(opened(TEXT), keymap=keymap_for("labelimg"))
    keyboard.type("d a")
    assert keyboard.store.state.view.frame == 0
    keyboard = Keyboard(opened(TEXT, "review"), keymap=keymap_for("encord"))
    keyboard.type("j n")
    assert len(keyboard.store.state.document.decisions) == 1


# --- the configuration -----------------------------------------------------------------------------


def said(folder: Path, text: str) -> Keymap:
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    return keymap_for(said=load_config(file).keys)


def test_the_configuration_binds_over_the_preset_the_narrower_table_over_the_wider(tmp_path: Path) -> None:
    keymap = said(
        tmp_path,
        '[keys]\npreset = "cvat"\n[keys.loop]\nf = "frame.last"\n"ctrl+d" = "object.delete"\n'
        '[keys.browse]\n"ctrl+d" = "object.delete_all"\n"space" = false\n',
    )
    assert keymap.problems == ()
    assert keymap.name == "cvat"
    assert keys(keymap, "frame.last")[0] == "f"
    assert keys(keymap, "frame.next") == ["l", "right"]
    assert keys(keymap, "object.delete", Mode.REVIEW)[0] == "ctrl+d"
    assert keys(keymap, "object.delete_all")[0] == "ctrl+d"
    assert keys(keymap, "frame.play") == ["p"]


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ('[keys.browse]\n# mine\n"x" = "nothing.such"\n', 3, "there is no command nothing.such"),
        ('[keys.brows]\nx = "frame.next"\n', 2, "there is no mode brows (one of all, loop"),
        ('[keys.browse]\nx = "frame.next"\n"x y" = "frame.last"\n', 3, "`x y` in browse can't be bound"),
        ("[keys.edit]\n\nx = 3\n", 3, "x is bound to no text"),
        ('[keys]\nx = "frame.next"\n', 2, "x is no table of keys ([keys.browse]"),
        ('graphics = "auto"\n[keys]\npreset = "vi"\n', 3, "there is no preset vi (one of default, cvat"),
        ("keys = 3\n", 1, "keys is a table"),
    ],
)
def test_what_is_wrong_with_a_binding_is_told_with_its_line(text: str, line: int, problem: str, tmp_path: Path) -> None:
    (told,) = said(tmp_path, text).problems
    assert told.startswith(f"{tmp_path}/config.toml, line {line}: {problem}")


def test_the_command_line_outweighs_the_preset_of_the_configuration() -> None:
    entry = KeyEntry(group="browse", keys="x", command="frame.last", where="line 2")
    keymap = keymap_for("labelimg", KeysConfig(preset="cvat", entries=(entry,)))
    assert keymap.name == "labelimg"
    assert keys(keymap, "draw.box")[0] == "w"
    assert keys(keymap, "frame.last")[0] == "x"
