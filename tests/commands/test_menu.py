"""The editor menu: groups, keys, reasons, search; without a screen."""

from __future__ import annotations

from tests.support.doctext import opened
from tui_editor.commands.context import Context
from tui_editor.commands.headless import HeadlessFront, Keyboard
from tui_editor.commands.menu import FIRST, editor_menu, nearest, searched
from tui_editor.commands.table import by_id, keys_in
from tui_editor.state.view import Mode


def context(text: str = "car@0 box 10,10 20,20", keys: str = "") -> Context:
    keyboard = Keyboard(opened(text))
    keyboard.type(keys)
    return Context(front=HeadlessFront(), task=keyboard.store, loop=keyboard.loop)


def test_the_menu_begins_with_the_task_the_view_bulk_operations_and_automated_labeling() -> None:
    groups = list(dict.fromkeys(item.group for item in editor_menu(context(), Mode.BROWSE)))
    assert groups[:5] == list(FIRST)


def test_every_command_that_the_menu_begins_with_exists() -> None:
    assert {name for names in FIRST.values() for name in names} <= set(by_id())


def test_each_entry_names_a_key_that_leads_to_it_in_this_mode() -> None:
    for item in editor_menu(context(), Mode.REVIEW):
        keys = keys_in(by_id()[item.key], Mode.REVIEW)
        assert item.keys in keys if keys else item.keys == ""


def test_a_capability_that_is_not_built_yet_is_listed_with_the_reason() -> None:
    items = {item.key: item for item in editor_menu(context(), Mode.BROWSE)}
    assert items["auto.track"].disabled == "automated labeling is not built yet"


def test_what_needs_an_object_is_disabled_until_one_is_selected() -> None:
    before = {item.key: item.disabled for item in editor_menu(context(), Mode.BROWSE)}
    after = {item.key: item.disabled for item in editor_menu(context(keys="j"), Mode.BROWSE)}
    assert (before["object.delete"], after["object.delete"]) == ("nothing is selected", "")


def test_the_menu_of_the_queue_has_nothing_that_needs_a_task() -> None:
    found = {item.key for item in editor_menu(Context(front=HeadlessFront()), Mode.QUEUE)}
    assert "queue.filter" in found
    assert found.isdisjoint({"object.delete", "view.words", "task.end"})


def test_a_search_keeps_the_items_that_hold_every_word_in_any_case() -> None:
    items = editor_menu(context(), Mode.BROWSE)
    found = searched(items, "BULK uncertain")
    assert [item.key for item in found] == ["bulk.delete_below"]
    assert searched(items, "  ") == items
    assert searched(items, "no such thing") == []


def test_a_title_that_begins_with_what_is_typed_is_meant_before_other_finds() -> None:
    items = editor_menu(context(), Mode.BROWSE)
    assert nearest(searched(items, "sub"), "sub") == "task.end"
    assert nearest([], "sub") == ""
