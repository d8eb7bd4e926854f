"""What is done with a project as a whole is kept; two who change its settings lose nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from tui_editor.api.activities import note_done, recorded
from tui_editor.api.project import Project, create_project
from tui_editor.api.project_settings import set_list, set_text
from tui_editor.api.workflow import set_role
from tui_editor.errors import ProjectChanged, Refused, UsageError
from tui_editor.model.ids import ClassId
from tui_editor.model.ontology import ObjectClass, Ontology
from tui_editor.model.shapes import ShapeKind
from tui_editor.ports.activities import Activity, ActivityState
from tui_editor.storage.locate import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def ann(tmp_path: Path) -> Iterator[Project]:
    """Return a project that ann opened."""
    with create_project(tmp_path, "streets", person="ann") as project:
        yield project


@pytest.fixture
def bo(ann: Project) -> Iterator[Project]:
    """Return the same project as bo saw it in a window of his own."""
    with Project(ann.folder, open_store(ann.folder), "bo", seen=ann.info) as project:
        yield project


def last(project: Project) -> Activity:
    return project.store.activities()[0]


def test_who_changes_a_setting_that_somebody_changed_meanwhile_is_told_who_and_what_it_is(
    ann: Project, bo: Project
) -> None:
    set_text(ann, "name", "Highways")

    with pytest.raises(ProjectChanged, match=r"ann changed the name a moment ago, to “Highways”.*do it again"):
        set_text(bo, "name", "Roads")

    assert ann.info.name == "Highways"


def test_two_who_change_different_settings_keep_both(ann: Project, bo: Project) -> None:
    set_text(ann, "name", "Highways")
    set_list(bo, "tags", ["hard"])

    assert (ann.info.name, ann.info.issue_tags) == ("Highways", ("hard",))
    assert bo.info.name == "Highways", "after a change the settings are seen as they are"


def test_of_two_who_change_members_the_second_is_refused_so_that_an_admin_stays(ann: Project) -> None:
    set_role(ann, "ann", "admin")
    set_role(ann, "bo", "admin")
    with Project(ann.folder, open_store(ann.folder), "bo", seen=ann.info) as bo:
        set_role(ann, "bo", "viewer")

        with pytest.raises(Refused, match="bo is a viewer here"):
            set_role(bo, "ann", "viewer")

    assert ann.info.members == {"ann": "admin", "bo": "viewer"}


def test_a_change_says_what_was_and_what_is(ann: Project) -> None:
    set_text(ann, "name", "Highways")
    assert (last(ann).kind, last(ann).person, last(ann).what) == ("settings", "ann", "name")
    assert last(ann).outcome == "name: “streets” → “Highways”"
    set_role(ann, "ann", "admin")
    assert last(ann).outcome == "members: ann admin"
    set_text(ann, "name", "Highways")
    assert last(ann).what == "members", "what changes nothing is not told"


def test_what_two_imports_bring_is_joined(ann: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    car, van = (ObjectClass(id=ClassId(n), name=n, color="#112233", shape=ShapeKind.BOX) for n in ("car", "van"))
    seen = ann.store.project()
    ann.merge_ontology(Ontology(classes=(car,)))
    with Project(tmp_path, open_store(tmp_path), "bo") as bo:
        answers = iter([seen])  # bo read the project before ann's import ended
        real = bo.store.project
        monkeypatch.setattr(bo.store, "project", lambda: next(answers, None) or real())
        bo.merge_ontology(Ontology(classes=(van,)))

    assert {c.id for c in ann.info.ontology.classes} == {"car", "van"}


def test_what_is_done_is_kept_while_it_runs_and_with_its_outcome(ann: Project) -> None:
    with recorded(ann, "export", "to x.json") as recording:
        assert (last(ann).state, last(ann).what) == (ActivityState.RUNNING, "to x.json")
        recording.outcome = "3 tasks"

    assert (last(ann).state, last(ann).outcome, len(ann.store.activities())) == (ActivityState.DONE, "3 tasks", 1)


def test_what_fails_is_kept_with_the_error(ann: Project) -> None:
    with pytest.raises(UsageError), recorded(ann, "export", "to x.json"):
        raise UsageError("no\x1b[2Jthing")

    assert last(ann).state is ActivityState.FAILED
    assert "no" in last(ann).outcome
    assert "\x1b" not in last(ann).outcome


def test_nothing_is_kept_where_nothing_can_be_written(ann: Project) -> None:
    class Frozen:
        read_only = True

    note_done(Project(ann.folder, Frozen(), "ann"), "check", "all")  # type: ignore[arg-type]  # all that is asked of it

    assert list(ann.store.activities()) == []


def test_a_project_that_is_saved_as_it_is_stays_the_same(ann: Project) -> None:
    ann.save(replace(ann.info))

    assert list(ann.store.activities()) == []
