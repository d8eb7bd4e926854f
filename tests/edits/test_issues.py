"""Issues: raising, discussing, resolving, deleting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.doctext import UNIT, document
from tui_editor.edits.issues import comment, delete_issue, new_issue, raise_issue, set_resolved, set_tags
from tui_editor.edits.review import reject
from tui_editor.edits.stamp import Stamp
from tui_editor.errors import Refused
from tui_editor.model.frames import FrameRef
from tui_editor.model.ids import InstanceId, IssueId
from tui_editor.model.issues import Comment, Issue, IssueKind, Resolution

if TYPE_CHECKING:
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.patch import Patch

ME, YOU = Stamp("me", 70), Stamp("you", 80)
CAR = InstanceId(1)
AT = FrameRef(UNIT, 4)
ONE = IssueId(1)
TEXT = 'car@0 box 1,1 2,2\nissue file "one"'


def done(found: LabelDocument, patch: Patch) -> LabelDocument:
    """Return the document after a patch, once it was seen to be taken back whole."""
    after = found.apply(patch)
    assert found.same(after.apply(patch.inverse()))
    return after


@pytest.mark.parametrize(
    ("kind", "frames", "point", "instance"),
    [
        (IssueKind.LABEL, (4, 4), None, CAR),
        (IssueKind.FILE, None, None, None),
        (IssueKind.PIN, (4, 4), (1.5, 2.5), None),
        (IssueKind.FRAME, (4, 4), None, None),
    ],
)
def test_an_issue_has_the_anchor_of_its_kind_and_no_other(
    kind: IssueKind,
    frames: tuple[int, int] | None,
    point: tuple[float, float] | None,
    instance: InstanceId | None,
) -> None:
    issue = new_issue(kind, "odd", ME, at=AT, point=(1.5, 2.5), instance=CAR, tags=("hard",))
    assert (frames, point, instance) == (issue.frames, issue.point, issue.instance)
    assert ("me", 70, ("hard",), (Comment(author="me", at_ms=70, text="odd"),)) == (
        issue.author,
        issue.created_ms,
        issue.tags,
        issue.comments,
    )
    assert issue == done(document(TEXT), raise_issue(issue)).issues[issue.id]


def test_a_frame_range_reaches_to_its_last_frame() -> None:
    assert new_issue(IssueKind.FRAME_RANGE, "odd", ME, at=AT, last_frame=9).frames == (4, 9)


@pytest.mark.parametrize(
    ("issue", "why"),
    [
        (new_issue(IssueKind.FILE, "", ME), "comment or a tag"),
        (new_issue(IssueKind.REQUIREMENT, "x", ME), "by themselves"),
        (new_issue(IssueKind.PIN, "x", ME, at=AT), "a place"),
    ],
)
def test_an_issue_that_says_nothing_or_hangs_on_nothing_is_refused(issue: Issue, why: str) -> None:
    with pytest.raises(Refused, match=why):
        raise_issue(issue)


def test_a_tag_alone_is_enough() -> None:
    issue = new_issue(IssueKind.FILE, "", ME, tags=("hard",))
    assert done(document(""), raise_issue(issue)).issues[issue.id].title == "hard"


def test_a_comment_joins_the_thread_and_a_blank_one_does_not() -> None:
    found = document(TEXT)
    after = done(found, comment(found, ONE, "two", YOU))
    assert [c.text for c in after.issues[ONE].comments] == ["one", "two"]
    assert after.issues[ONE].comments[1].author == "you"
    assert not comment(found, ONE, "  \n", YOU)


def test_an_issue_is_resolved_and_reopened_with_names_and_times() -> None:
    found = document(TEXT)
    resolved = done(found, set_resolved(found, ONE, True, YOU))
    assert not set_resolved(resolved, ONE, True, ME)
    reopened = done(resolved, set_resolved(resolved, ONE, False, ME))
    assert (resolved.issues[ONE].resolved, reopened.issues[ONE].resolved) == (True, False)
    assert (
        Resolution(resolved=True, by="you", at_ms=80),
        Resolution(resolved=False, by="me", at_ms=70),
    ) == reopened.issues[ONE].history


def test_tags_are_replaced() -> None:
    found = document(TEXT)
    assert done(found, set_tags(found, ONE, ["a", "b"])).issues[ONE].tags == ("a", "b")


def test_a_thread_is_deleted_by_its_author_only() -> None:
    found = document(TEXT)
    assert len(done(found, delete_issue(found, ONE, "me")).issues) == 0
    with pytest.raises(Refused, match="only me can"):
        delete_issue(found, ONE, "you")


def test_a_rejection_is_not_deleted() -> None:
    found = document(TEXT)
    found = found.apply(reject(found, [CAR], "odd", ME))
    (rejection,) = found.issues_of(CAR)
    with pytest.raises(Refused, match="rejection"):
        delete_issue(found, rejection.id, "me")


def test_an_issue_that_is_gone_says_so() -> None:
    with pytest.raises(Refused, match="gone"):
        comment(document(""), IssueId(9), "x", ME)
