"""The issues pane: what a line says, threads, search, and where an issue leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from tests.support.doctext import opened
from tests.ui.projects import sitting
from tui_editor.edits.issues import new_issue, raise_issue
from tui_editor.edits.stamp import Stamp
from tui_editor.model.frames import FrameRef
from tui_editor.model.issues import IssueKind
from tui_editor.state.issue_list import IssueFilter, Shown
from tui_editor.state.view import Mode
from tui_editor.ui.panes.issues import IssueRows, IssuesPane, issue_rows
from tui_editor.ui.widgets.rows import BAD, GOOD

if TYPE_CHECKING:
    from pathlib import Path

    from tui_editor.ui.widgets.rows import RowSource


async def test_the_issues_pane_has_keys_of_its_own(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        for comment in ("one", "two"):
            await desk.press("i")
            await desk.type(comment)
            await desk.press("enter")
        await desk.press("I")
        assert (desk.pane, desk.editor.mode) == ("issues", Mode.ISSUES)
        assert "r reply" in desk.lines[-1]
        await desk.press("r")
        await desk.type("why")
        await desk.press("enter")
        assert "me: why" in desk.text
        await desk.press("x")
        assert len(desk.state.document.open_issues()) == 1
        assert "1 open" in desk.text
        await desk.press("f")
        assert "1 open, 1 resolved" in desk.text
        await desk.press("escape")
        assert (desk.pane, desk.editor.mode) == ("canvas", Mode.BROWSE)


def test_the_thread_of_the_current_issue_follows_its_line() -> None:
    state = opened('issue file "a"\nissue file "b"\nissue file "c" resolved').state
    rows = issue_rows(state, IssueFilter(shown=Shown.ALL), state.document.open_issues()[1].id)
    assert isinstance(rows, IssueRows)
    assert [rows.key(n).title for n in range(len(rows))] == ["a", "b", "b", "c"]
    assert "me: b" in "".join(words for words, _ in rows.line(2))
    assert rows.current_row == 1


def test_an_issue_names_its_object_and_frames_and_is_red_then_green() -> None:
    state = opened('car@0 box 1,1 5,5\nissue label car@3 "a"\nissue frame@4 "b" resolved').state
    rows = issue_rows(state, IssueFilter(shown=Shown.ALL), None)
    assert told(rows) == ["⚑ car (0) @3 a", "⚑ frame 4 b"]
    assert [rows.line(n)[0][1] for n in range(2)] == [BAD, GOOD]


def told(rows: RowSource) -> list[str]:
    """Return the words of each line."""
    return ["".join(words for words, _ in rows.line(n)) for n in range(len(rows))]


def test_an_issue_of_a_range_tells_its_ends_and_a_pin_the_number_that_it_has_on_the_canvas() -> None:
    state = opened("car@0 box 1,1 5,5").state
    unit, pin = state.unit.id, IssueKind.PIN
    for at_ms, kind, frames in ((1, IssueKind.FRAME_RANGE, (2, 5)), (2, pin, (6, 6)), (3, pin, (6, 6))):
        point = (1.0, 1.0) if kind is pin else None
        at = FrameRef(unit, frames[0])
        issue = new_issue(kind, "odd", Stamp("me", at_ms), at=at, last_frame=frames[1], point=point)
        state = replace(state, document=state.document.apply(raise_issue(issue)))
    assert told(issue_rows(state, IssueFilter(), None)) == ["⚑ frames 2–5 odd", "⚑ pin 1 @6 odd", "⚑ pin 2 @6 odd"]


def test_an_issue_of_a_picture_names_no_frame() -> None:
    state = opened('car@0 box 1,1 5,5\nissue label car@0 "a"').state
    picture = replace(state.unit, frame_count=1)
    state = replace(state, task=replace(state.task, units=(picture,)))
    assert told(issue_rows(state, IssueFilter(), None)) == ["⚑ car (0) a"]


def test_a_comment_is_read_in_full_whatever_the_width_of_the_pane() -> None:
    state = opened('issue file "the wheel of the car behind the tree is missing"').state
    rows = issue_rows(state, IssueFilter(), state.document.open_issues()[0].id, 24)
    assert told(rows)[1:] == ["   me: the wheel of the", "   car behind the tree", "   is missing"]
    assert isinstance(rows, IssueRows)
    assert told(rows.wrapped(80))[1:] == ["   me: the wheel of the car behind the tree is missing"]


def test_an_empty_issues_pane_says_what_to_do() -> None:
    empty, done = opened("").state, opened('issue file "a" resolved').state
    told = [
        getattr(issue_rows(state, wanted, None), "why", "")
        for state, wanted in (
            (empty, IssueFilter()),
            (done, IssueFilter()),
            (empty, IssueFilter(shown=Shown.RESOLVED)),
            (empty, IssueFilter(words="zebra")),
        )
    ]
    assert [words.partition(":")[0] for words in told] == ["no issues", "none open", "none resolved", "no issue fits"]


async def test_issues_are_searched_and_the_words_stand_below(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        for comment in ("too dark", "too small"):
            await desk.press("i")
            await desk.type(comment)
            await desk.press("enter")
        await desk.press("I", "/")
        await desk.type("small")
        await desk.press("enter")
        pane = desk.editor.query_one(IssuesPane)
        assert {"too small"} == {pane.rows.key(n).title for n in range(len(pane.rows))}  # type: ignore[attr-defined]
        assert "2 open, 2 required / small" in desk.text


async def test_an_issue_leads_to_its_frame_and_object(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("j j", "i")
        await desk.type("look")
        await desk.press("enter", "escape", "5 l", "I")
        desk.editor.query_one(IssuesPane).choose()
        await desk.pilot.pause()
        assert FrameRef(desk.state.view.unit, 0) == desk.state.frame
        assert desk.state.selected is not None
