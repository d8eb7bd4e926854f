"""Which issues are listed, in which order, and what is missing by the ontology."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support.doctext import COLOR, ONTOLOGY, PROJECT, TASK, UNIT, FixedClock, document, opened
from tui_editor.edits import attributes, labels
from tui_editor.edits.stamp import Stamp
from tui_editor.edits.workflow import requirements
from tui_editor.model.frames import FrameRef
from tui_editor.model.ids import ClassId, InstanceId, IssueId, OptionId
from tui_editor.model.issues import Comment, Issue, IssueKind
from tui_editor.model.ontology import Classification, Ontology
from tui_editor.model.patch import IssueChange, Patch
from tui_editor.model.shapes import Box
from tui_editor.model.workflow import Stage, StageKind, Workflow
from tui_editor.ports import OpenedTask
from tui_editor.state import issue_search, issue_texts
from tui_editor.state.issue_list import IssueFilter, Shown, issue_list, make_searchable, search_steps
from tui_editor.state.issue_search import Words
from tui_editor.state.issue_texts import folded
from tui_editor.state.requirements import MOST_LISTED, task_requirements
from tui_editor.state.selectors import label_row
from tui_editor.state.store import TaskStore

if TYPE_CHECKING:
    from tui_editor.model.project import Project

ONE = """
car@0 box 10,10 20,20
van@5 box 10,10 20,20
issue frame@7 "late" resolved
issue frame@3 "Odd light"
issue label car@0 "too loose"
issue file "what is this"
"""
CAR = InstanceId(1)


def titles(store: TaskStore, wanted: IssueFilter, current: int | None = None) -> list[str]:
    return [i.title for i in issue_list(store.state, wanted, IssueId(current) if current else None).issues]


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        (Shown.OPEN, ["what is this", "too loose", "Odd light"]),
        (Shown.RESOLVED, ["late"]),
        (Shown.ALL, ["what is this", "too loose", "Odd light", "late"]),
    ],
)
def test_issues_are_listed_by_their_place_open_resolved_or_all(shown: Shown, found: list[str]) -> None:
    assert titles(opened(ONE), IssueFilter(shown=shown)) == found


def test_the_current_issue_stays_in_its_place_when_it_is_resolved() -> None:
    store = opened(f'{ONE}issue frame@9 "last"')
    assert titles(store, IssueFilter(), 1) == ["what is this", "too loose", "Odd light", "late", "last"]
    assert issue_list(store.state, IssueFilter(), IssueId(1)).row(IssueId(1)) == 3
    assert issue_list(store.state, IssueFilter()).row(IssueId(1)) is None


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("odd LIGHT", ["Odd light"]),
        ("kind:file", ["what is this"]),
        ("class:car loose", ["too loose"]),
        ("class:van", []),
        ("car", ["too loose"]),
        ("author:me o", ["too loose", "Odd light"]),
        ("author:kim", []),
        ("tag:hard", []),
        ("zebra", []),
    ],
)
def test_all_words_must_be_found(words: str, found: list[str]) -> None:
    assert titles(opened(ONE), IssueFilter(words=words)) == found


def demanding(text: str, *, stage: StageKind = StageKind.ANNOTATE) -> TaskStore:
    """Return a task whose ontology asks for a colour of each car, a van and a statement on the light."""
    car, van, *others = ONTOLOGY.classes
    asked = replace(COLOR, required=True)
    ontology = Ontology(
        classes=(replace(car, attributes=(asked,)), replace(van, required=True), *others),
        classifications=(Classification(id=ClassId("night"), name="night", required=True),),
    )
    workflow = Workflow(stages=(Stage(name="annotate", kind=stage, next="review"), *PROJECT.workflow.stages[1:]))
    project: Project = replace(PROJECT, ontology=ontology, workflow=workflow)
    task = OpenedTask(task=TASK, document=document(text), seq=0, view={})
    return TaskStore(task, project, person="me", session="test", clock=FixedClock())


def missing(store: TaskStore) -> list[str]:
    return [i.title for i in task_requirements(store.state)]


def test_what_the_ontology_asks_for_is_listed_last_and_gone_when_it_is_there() -> None:
    store = demanding('car@0 box 10,10 20,20\ncar(1)@0 box 40,10 20,20\nissue file "odd"')
    assert missing(store) == [
        "van is required",
        "night is required",
        "car (0) needs an answer to Color",
        "car (1) needs an answer to Color",
    ]
    assert titles(store, IssueFilter()) == ["odd", *missing(store)]
    assert titles(store, IssueFilter(shown=Shown.RESOLVED)) == []
    assert titles(store, IssueFilter(words="kind:requirement night")) == ["night is required"]
    before = {i.title: i.id for i in task_requirements(store.state)}

    red = (OptionId("red"),)
    store.apply(
        attributes.set_answer(store.state.document, store.state.project.ontology, CAR, COLOR.id, red),
        "answer",
    )
    ontology = store.state.project.ontology
    drawn, _ = labels.create_instance(
        store.state.document, ontology, ClassId("van"), FrameRef(UNIT, 0), Box(1, 1, 5, 5), Stamp("me", 1)
    )
    store.apply(drawn, "draw")
    assert missing(store) == ["night is required", "car (1) needs an answer to Color"]
    assert {i.title: i.id for i in task_requirements(store.state)}.items() < before.items()

    store.undo()
    store.undo()
    assert missing(store) == list(before)
    assert missing(store) == [r.text for r in requirements(store.state.document, store.state.project)]


def test_requirements_are_issues_that_nobody_stored() -> None:
    store = demanding("car@0 box 10,10 20,20")
    assert {IssueKind.REQUIREMENT} == {i.kind for i in task_requirements(store.state)}
    assert all(i.id < 0 and not i.author for i in task_requirements(store.state))
    assert not len(store.state.document.issues)


def test_of_very_many_requirements_the_first_are_listed() -> None:
    store = demanding("\n".join(f"car({n})@0 box {n},10 20,20" for n in range(MOST_LISTED + 20)))
    assert len(missing(store)) == MOST_LISTED


def test_in_a_consensus_annotate_stage_only_requirements_are_seen() -> None:
    store = demanding(f"{ONE}", stage=StageKind.CONSENSUS_ANNOTATE)
    wanted = IssueFilter(shown=Shown.ALL)
    assert titles(store, wanted, 1) == ["night is required", "car (0) needs an answer to Color"]
    assert (label_row(store.state, CAR).issues_open, label_row(opened(ONE).state, CAR).issues_open) == (0, 1)


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 5)), max_size=30))
def test_the_order_after_any_edits_is_that_of_sorting_afresh(steps: list[tuple[int, int]]) -> None:
    store = opened(ONE)
    for number, frame in steps:
        document = store.state.document
        old = document.issues.get(IssueId(100 + number))
        new = replace(document.issues[IssueId(2)], id=IssueId(100 + number), frames=(frame, frame), created_ms=number)
        store.apply(Patch((IssueChange(IssueId(100 + number), old, None if old else new),)), "issue")
        listed = issue_list(store.state, IssueFilter()).issues
        afresh = sorted(
            (i for i in store.state.document.issues.values() if not i.resolved),
            key=lambda i: (-1 if i.unit is None else 0, i.frames or (-1, -1), i.created_ms, i.id),
        )
        assert list(listed) == afresh


TEXTS = st.sampled_from(["the Truck", "a VAN is cut", "straße", "İ", "two\nlines", ""])
ASKED = ("truck", "van", "kind:frame", "tag:hard", "author:kim", "class:car", "STRASSE", "car a", "i")


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 5), TEXTS), max_size=20), st.data())
def test_what_is_found_after_any_edits_is_what_is_found_afresh(
    steps: list[tuple[int, int, str]], data: st.DataObject
) -> None:
    store = opened(ONE)
    words = data.draw(st.sampled_from(ASKED))
    wanted = IssueFilter(shown=data.draw(st.sampled_from(Shown)), words=words)
    for number, frame, text in steps:
        document = store.state.document
        old = document.issues.get(IssueId(100 + number))
        said = Comment(author=("kim", "bo")[frame % 2], at_ms=1, text=text)
        car = CAR if frame % 3 else None
        new = replace(
            document.issues[IssueId(2)],
            id=IssueId(100 + number),
            frames=(frame, frame),
            comments=(said,),
            tags=("hard",) * (frame % 2),
            instance=car,
        )
        store.apply(Patch((IssueChange(IssueId(100 + number), old, None if old and frame < 2 else new),)), "issue")
        if data.draw(st.booleans()):
            list(search_steps(store.state, wanted))
        found = issue_list(store.state, wanted).issues
        everything = issue_list(store.state, replace(wanted, words="")).issues
        fits = Words(words, store.state.document.instances, store.state.project.ontology)
        assert list(found) == [issue for issue in everything if fits.fits(issue)]


def test_words_are_folded_once_and_of_edited_issues_alone_again(monkeypatch: pytest.MonkeyPatch) -> None:
    store = opened(ONE + "\n".join(f'issue frame@{n % 9} "truck {n}"' for n in range(1000)))
    make_searchable(store.state.task, store.state.document)
    asked: list[int] = []

    def noted(issue: Issue) -> str:
        asked.append(issue.id)
        return folded(issue)

    monkeypatch.setattr(issue_search, "folded", noted)
    monkeypatch.setattr(issue_texts, "folded", noted)
    assert len(titles(store, IssueFilter(words="truck"))) == 1000
    assert [n for n in asked if n > 0] == []
    old = store.state.document.issues[IssueId(500)]
    store.apply(Patch((IssueChange(old.id, old, replace(old, tags=("hard",))),)), "issue")
    assert len(titles(store, IssueFilter(words="truck"))) == 1000
    assert [n for n in asked if n > 0] == [500]
