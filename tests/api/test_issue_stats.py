"""Figures of a project's issues."""

from __future__ import annotations

from msgspec.structs import replace

from tests.support.doctext import ONTOLOGY
from tui_editor.api.issue_stats import NO_CLASS, NO_STAGE, NO_TAG, IssueStats, counted, time_words
from tui_editor.edits.issues import new_issue
from tui_editor.edits.stamp import Stamp
from tui_editor.model.ids import ClassId, TaskId
from tui_editor.model.issues import FiledIssue, Issue, IssueKind, Resolution

HOUR_MS = 3_600_000


def issue(kind: IssueKind = IssueKind.FILE, *states: bool, by: str = "ann", tags: tuple[str, ...] = ()) -> Issue:
    history = tuple(Resolution(resolved=s, by="bo", at_ms=(n + 1) * HOUR_MS) for n, s in enumerate(states))
    return replace(new_issue(kind, "odd", Stamp(by, 0), tags=tags, stage="review"), history=history)


def stats(*issues: Issue | FiledIssue) -> IssueStats:
    filed = [i if isinstance(i, FiledIssue) else FiledIssue(task=TaskId(1), issue=i) for i in issues]
    return counted(filed, ONTOLOGY)


def shares(found: IssueStats, group: str) -> list[tuple[str, int, int]]:
    return [(s.name, s.open, s.resolved) for s in found.groups[group]]


def test_issues_are_counted_by_kind_and_rejections_and_skips_are_kinds_of_their_own() -> None:
    rejection, skip = replace(issue(IssueKind.LABEL), rejection=True), replace(issue(), skip=True)
    found = stats(rejection, skip, issue(), issue(IssueKind.FRAME_RANGE, True))
    assert shares(found, "kind") == [
        ("file", 1, 0),
        ("frame range", 0, 1),
        ("label rejection", 1, 0),
        ("skip", 1, 0),
    ]
    assert (found.whole.raised, found.whole.open, found.whole.resolved) == (4, 3, 1)


def test_an_issue_with_two_tags_counts_under_both_and_the_largest_share_stands_first() -> None:
    found = stats(issue(tags=("hard", "ask")), issue(tags=("hard",)), issue())
    assert shares(found, "tag") == [("hard", 2, 0), ("ask", 1, 0), (NO_TAG, 1, 0)]
    assert found.whole.raised == 3


def test_issues_are_counted_by_author_stage_and_class_by_its_name() -> None:
    on_car = FiledIssue(task=TaskId(1), issue=issue(IssueKind.LABEL, by="bo"), class_id=ClassId("car"))
    foreign = replace(on_car, class_id=ClassId("zebra"))
    found = stats(on_car, foreign, replace(issue(), stage=""))
    assert shares(found, "author") == [("bo", 2, 0), ("ann", 1, 0)]
    assert shares(found, "stage") == [("review", 2, 0), (NO_STAGE, 1, 0)]
    assert {name for name, _, _ in shares(found, "class")} == {"car", "zebra", NO_CLASS}


def test_the_time_to_resolve_runs_to_the_last_tick_and_leaves_out_what_is_open_again() -> None:
    found = stats(
        issue(IssueKind.FILE, True), issue(IssueKind.FILE, True, False, True), issue(IssueKind.FILE, True, False)
    )
    assert (found.whole.median_ms, found.mean_ms, found.longest_ms) == (2 * HOUR_MS, 2 * HOUR_MS, 3 * HOUR_MS)
    assert (found.whole.open, found.reopened, found.comments) == (1, 2, 3)


def test_without_issues_there_are_no_times() -> None:
    found = stats()
    assert (found.whole.raised, found.whole.median_ms, found.mean_ms, found.longest_ms) == (0, None, None, None)


def test_spans_are_told_in_a_unit_that_suits_them() -> None:
    spans = (None, 0, 59_000, 120_000, 5 * HOUR_MS, 72 * HOUR_MS)
    assert [time_words(s) for s in spans] == ["–", "0 s", "59 s", "2 min", "5 h", "3 d"]
