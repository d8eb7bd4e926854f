"""Addresses of a place in a project."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.doctext import two_units
from tui_editor.api.addresses import Address, address_of, is_address, parse_address
from tui_editor.errors import UsageError
from tui_editor.model.ids import InstanceId, TaskId

numbers = st.integers(1, 2**63 - 1)
folders = st.lists(
    st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1), min_size=1, max_size=3
).map(lambda names: Path("/", *(f"x{name}" for name in names)))


@given(folders, st.none() | numbers, st.none() | st.integers(0, 10**9), st.none() | numbers)
def test_an_address_names_what_it_was_made_of(
    folder: Path, task: int | None, frame: int | None, instance: int | None
) -> None:
    address = Address(
        folder=folder,
        task=None if task is None else TaskId(task),
        frame=frame,
        instance=None if instance is None else InstanceId(instance),
    )

    assert is_address(str(address))
    assert parse_address(str(address)) == address


def test_an_address_reads_as_copy_url_writes_it() -> None:
    address = Address(folder=Path("/srv/street"), task=TaskId(9), frame=12, instance=InstanceId(31))

    assert str(address) == "tui-editor:///srv/street?task=9&frame=12&instance=z"


def test_a_path_that_ends_in_a_task_names_it_where_the_folder_above_is_there(tmp_path: Path) -> None:
    address = parse_address(f"tui-editor://{tmp_path}/z?frame=3").resolved

    assert address == Address(folder=tmp_path, task=TaskId(31), frame=3)
    assert parse_address(f"tui-editor://{tmp_path}").resolved == Address(folder=tmp_path)
    assert parse_address("tui-editor:///no/such/z").resolved == Address(folder=Path("/no/such/z"))


def test_a_frame_of_a_later_data_unit_is_named_by_its_place_in_the_task() -> None:
    store = two_units("car@0 box 10,10 20,20", "left", "right")
    second = store.state.task.units[1]
    store.go(second.id, 4)

    address = address_of("srv/street", store.state)

    assert address.frame == store.state.task.units[0].frame_count + 4
    assert address.folder == Path("/srv/street")


@pytest.mark.parametrize(
    "text",
    [
        "/srv/street",
        "tui-editor://srv/street",
        "tui-editor://",
        "tui-editor:///srv?task=!",
        "tui-editor:///srv?task=",
        "tui-editor:///srv?frame=-1",
        "tui-editor:///srv?frame=x",
        "tui-editor:///srv?colour=red",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_address(text)
