"""The ontology on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.ui.projects import Desk, sitting
from tests.ui.test_project_settings import answer, choose, info
from tui_editor.api.ontology import adding, edit_ontology
from tui_editor.api.project import Project
from tui_editor.model.ontology_paths import find_path, node_at
from tui_editor.storage.locate import open_store

if TYPE_CHECKING:
    from pathlib import Path

    from tui_editor.model.ontology_paths import Node


def node(folder: Path, place: str) -> Node:
    ontology = info(folder).ontology
    return node_at(ontology, find_path(ontology, place))


async def at_class(desk: Desk) -> None:
    await desk.press("g", "W")
    await choose(desk, "ontology")
    await choose(desk, "car")


async def test_an_attribute_with_options_is_added_and_required_and_the_open_task_asks_it(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await at_class(desk)
        await choose(desk, "add an attribute")
        await answer(desk, "Load")
        await answer(desk, "radio")
        await choose(desk, "load")
        await choose(desk, "add an option")
        await answer(desk, "Full")
        await desk.press("enter")
        await answer(desk, "Empty")
        await choose(desk, "empty")
        await choose(desk, "one place earlier")
        await desk.press("escape")
        await desk.settle()
        await choose(desk, "required")
        assert "car/Load: required on" in desk.screen.message
        assert [o.label for o in desk.state.project.ontology.classes[0].attributes[-1].options] == ["Empty", "Full"]
    assert getattr(node(annotate, "car/Load"), "required", False)


async def test_what_labels_have_is_not_taken_out_and_how_many_is_told(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("j", "f", "2", "1", "enter")
        await desk.settle()
        await at_class(desk)
        await choose(desk, "damage")
        await desk.type("door")
        await desk.press("delete")
        await desk.settle()
        assert "1 instance in 1 task would lose answers" in desk.screen.message
        await choose(desk, "door")
        await choose(desk, "archived")
        assert "archived on" in desk.screen.message
    door = node(annotate, "car/Damage/Door")
    assert door.archived


async def test_who_was_slower_is_told_and_sees_what_the_other_made(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await at_class(desk)
        with Project(annotate, open_store(annotate), "kim") as other:
            edit_ontology(other, adding("car/Axles", "numeric"))
        await choose(desk, "required")
        assert "kim changed the ontology" in desk.screen.message
        assert "Axles" in desk.text
    assert not getattr(node(annotate, "car"), "required", False)
