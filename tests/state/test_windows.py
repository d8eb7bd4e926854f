"""What a custom editor layout makes of a task: windows, the data units in them, and what is only read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support.doctext import TASK, two_units
from tui_editor.commands.headless import HeadlessFront, Keyboard
from tui_editor.model.editor_layouts import Split, split_of
from tui_editor.model.ids import UnitId
from tui_editor.state.windows import ONE, choice_of, windows_for, with_windows

if TYPE_CHECKING:
    from tui_editor.model.project import Task
    from tui_editor.state.store import TaskStore
    from tui_editor.state.view import Windows


def task(*views: str) -> Task:
    units = [
        replace(TASK.units[0], id=UnitId(n), title=view, metadata={"view": view, "00185101": view})
        for n, view in enumerate(views, start=1)
    ]
    return replace(TASK, units=tuple(units))


def asks(value: str) -> dict[str, Any]:
    return {"clientMetadataQuery": {"key": "view", "operator": "=", "value": value}}


def layout(*rows: list[int], **content: dict[str, Any]) -> dict[str, Any]:
    return {"grid": list(rows), "gridContent": {number.removeprefix("w"): said for number, said in content.items()}}


def units_of(windows: Windows) -> dict[int, tuple[int, ...]]:
    return {window.number: window.units for window in windows.windows}


SIDES = layout([0, 1], w0=asks("CC"), w1=asks("MLO"))


def test_each_window_gets_the_data_units_that_it_asks_for() -> None:
    found = windows_for("sides", SIDES, task("MLO", "CC", "CC"))
    assert units_of(found) == {0: (2, 3), 1: (1,)}
    assert [window.view for window in found.windows] == ["main", "window 1"]
    assert found.split == Split(across=True, parts=(0, 1), shares=(1.0, 1.0))


def test_conditions_are_joined_by_and_and_or_in_both_spellings_and_on_dicom_tags() -> None:
    either = {
        "or_conditions": [
            {"tag": "00185101", "operator": "=", "value": "CC"},
            {"and_conditions": [{"tag": "00185101", "operator": "=", "value": v} for v in ("MLO", "XL")]},
        ]
    }
    found = windows_for("old", layout([0], [1], w0={"dicom_tags_query": either}, w1=asks("MLO")), task("CC", "MLO"))
    assert units_of(found) == {0: (1,), 1: (2,)}


def test_windows_that_ask_for_nothing_share_what_no_other_asks_for() -> None:
    found = windows_for("rest", layout([0, 1, 2], w0=asks("CC")), task("a", "CC", "b", "c"))
    assert units_of(found) == {0: (2,), 1: (1,), 2: (3, 4)}


def test_a_window_without_a_data_unit_gives_its_place_to_the_others() -> None:
    grid = layout([0, 1], [2, 3], w0=asks("CC"), w1=asks("none"), w2=asks("none"), w3=asks("MLO"))
    found = windows_for("holes", grid, task("CC", "MLO"))
    assert found.split == Split(across=False, parts=(0, 3), shares=(1.0, 1.0))


def test_a_tree_divides_by_its_shares() -> None:
    tree = {"direction": "column", "first": 0, "second": {**_row(1, 2), "splitPercentage": 25}, "splitPercentage": 30}
    assert split_of({"grid": tree}) == Split(
        across=False, parts=(0, Split(across=True, parts=(1, 2), shares=(25.0, 75.0))), shares=(30.0, 70.0)
    )


def _row(first: int, second: int) -> dict[str, Any]:
    return {"direction": "row", "first": first, "second": second}


@pytest.mark.parametrize(
    ("said", "units", "why"),
    [
        ({"grid": 7}, ("CC", "MLO"), "is broken: /gridContent: it is missing"),
        (layout([0, 0]), ("CC", "MLO"), "is broken: /grid: window 0 stands there twice"),
        (SIDES, ("CC",), "the task has one data unit"),
        (SIDES, ("CC", "CC"), "they fit none of the task's data units"),
        (layout(list(range(8))), tuple("abcdefgh"), "more than 7 windows"),
    ],
)
def test_why_a_layout_is_not_applied_is_told(said: dict[str, Any], units: tuple[str, ...], why: str) -> None:
    found = windows_for("mine", said, task(*units))
    assert found.windows == ()
    assert why in found.problem


def test_the_persons_choice_outweighs_the_projects_where_the_project_has_it() -> None:
    names = ("two", "four")
    assert choice_of(names, "two", "") == "two"
    assert choice_of(names, "two", "four") == "four"
    assert choice_of(names, "two", ONE) == ""
    assert choice_of(names, "two", "of another project") == "two"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 9) | st.sampled_from(["row", "=", "view", "CC"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["grid", "gridContent", "0", "1", "first", "second", "direction", "andConditions", "key"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["grid", "gridContent", "settings"]), _JSON))
def test_any_json_is_applied_or_told_to_be_broken(said: dict[str, Any]) -> None:
    found = windows_for("any", said, task("CC", "MLO"))
    assert bool(found.windows) != bool(found.problem)
    assert len(found.windows) != 1


# --- in the store ----------------------------------------------------------------------------------


def in_windows(*, read_only: bool = False) -> TaskStore:
    """Return a store with a car in each of two data units, in a window each."""
    store = two_units("car@0 box 10,10 20,20", "CC", "MLO")
    units = tuple(replace(u, metadata={"view": u.title}) for u in store.state.task.units)
    store.set(task=replace(store.state.task, units=units))
    said = layout([0, 1], w0=asks("CC"), w1={**asks("MLO"), "readonly": read_only})
    store.set(**with_windows(store.state, windows_for("two", said, store.state.task)))
    return store


def test_each_window_has_a_place_of_its_own_and_a_count_names_one() -> None:
    keyboard = Keyboard(in_windows(), HeadlessFront())
    assert keyboard.store.state.view.unit == 1
    keyboard.type("g J")
    assert keyboard.store.state.view.unit == 2
    keyboard.type("g J")
    assert keyboard.store.state.view.unit == 1
    keyboard.type("2 g J")
    assert keyboard.store.state.view.unit == 2
    keyboard.type("3 g J")
    assert "there are 2" in keyboard.front.warnings[-1]


def test_going_to_another_data_unit_goes_to_its_window() -> None:
    store = in_windows()
    store.go(UnitId(2), 0)
    assert store.state.active == "window 1"
    assert store.state.views["main"].unit == 1


def test_what_a_window_shows_to_be_read_is_not_changed_and_what_others_show_is() -> None:
    keyboard = Keyboard(in_windows(read_only=True), HeadlessFront())
    keyboard.type("j e l escape")
    assert keyboard.front.warnings == []
    moved = keyboard.store.state.document
    keyboard.type("g J j e l escape")
    assert keyboard.store.state.document is moved
    assert any("only read" in words for words in keyboard.front.warnings)


def test_windows_that_may_be_changed_are_not_fixed() -> None:
    assert in_windows().state.windows.fixed == frozenset()
    assert in_windows(read_only=True).state.windows.fixed == {2}
