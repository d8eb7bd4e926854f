"""The list of keys and what changing them means, without a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tui_editor.api.config_edit import set_bindings
from tui_editor.commands.keymap import default_keymap
from tui_editor.commands.menu import searched
from tui_editor.commands.presets import keymap_for
from tui_editor.commands.shortcuts import (
    ALL,
    Shortcut,
    check_can_be,
    conflicts,
    rebinding,
    restoring,
    shortcut_items,
    shortcut_of,
    shortcuts,
    table_of,
)
from tui_editor.commands.table import TABLE
from tui_editor.errors import UsageError
from tui_editor.state.view import Mode

if TYPE_CHECKING:
    from pathlib import Path

    from tui_editor.api.config import Config

NEXT = Shortcut(Mode.BROWSE, "j", "object.next", "")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def rebound(file: Path, keys: str = "N") -> Config:
    return set_bindings("loop", rebinding(NEXT, keys), file)


def test_every_key_of_every_mode_is_listed_and_so_is_every_command() -> None:
    found = list(shortcuts(default_keymap()))
    assert {(s.mode, s.keys, s.command) for s in found if s.keys} == {
        (mode, key.keys, command.id) for command in TABLE for key in command.keys for mode in key.modes
    }
    assert {s.command for s in found} == {command.id for command in TABLE}


def test_an_item_names_its_shortcut() -> None:
    items = shortcut_items(default_keymap(), ())
    assert items[0].key == ALL
    assert [shortcut_of(item.key) for item in items[1:]] == list(shortcuts(default_keymap()))


def test_a_search_finds_keys_by_their_mode_and_what_they_do() -> None:
    found = searched(shortcut_items(default_keymap(), ()), "queue mode sort")
    assert [shortcut_of(item.key).keys for item in found][:1] == ["s"]


def test_what_binding_keys_would_take_from_others_is_known_before() -> None:
    taken = {command.id for _, command in conflicts(default_keymap(), (Mode.BROWSE,), "l", NEXT)}
    assert taken == {"frame.next"}
    assert len(conflicts(default_keymap(), (Mode.BROWSE,), "g", NEXT)) > 10
    assert [c.id for _, c in conflicts(default_keymap(), (Mode.BROWSE,), "l l", NEXT)] == ["frame.next"]
    assert conflicts(default_keymap(), (Mode.BROWSE,), "j", NEXT) == []


def test_keys_that_mean_the_same_in_browse_and_review_are_bound_in_both() -> None:
    assert table_of(default_keymap(), NEXT) == "loop"
    assert table_of(default_keymap(), Shortcut(Mode.REVIEW, "a", "review.approve", "")) == "review"
    assert table_of(default_keymap(), Shortcut(Mode.QUEUE, "s", "queue.sort", "")) == "queue"


def test_a_rebound_command_has_the_new_keys_and_not_the_old_ones(file: Path) -> None:
    keymap = keymap_for(said=rebound(file).keys)
    command = keymap.command("object.next")
    assert command is not None
    for mode in (Mode.BROWSE, Mode.REVIEW):
        keys = {key.keys for key in command.keys if mode in key.modes}
        assert "N" in keys
        assert "j" not in keys
    assert keymap.problems == ()


def test_what_was_rebound_is_marked_and_given_back_whole(file: Path) -> None:
    said = rebound(file).keys
    keymap = keymap_for(said=said)
    marked = [item for item in shortcut_items(keymap, said.entries) if item.value == "yours"]
    assert {shortcut_of(item.key).keys for item in marked} == {"N"}
    for table, bindings in restoring(shortcut_of(marked[0].key), said.entries).items():
        said = set_bindings(table, bindings, file).keys
    assert said.entries == ()
    assert keymap_for(said=said) is default_keymap()


def test_giving_one_command_its_keys_back_leaves_the_others_as_they_are_bound(file: Path) -> None:
    rebound(file)
    said = set_bindings("browse", {"E": "geometry.edit"}, file).keys
    back = restoring(NEXT, said.entries)
    assert back == {"loop": {"N": None, "j": None}}


@pytest.mark.parametrize("keys", ["ctrl+i", "shift+a", "nokey"])
def test_keys_that_no_terminal_sends_are_refused(keys: str) -> None:
    with pytest.raises(UsageError):
        check_can_be(keys)
