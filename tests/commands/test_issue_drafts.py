"""What the words of a new issue name, and the issues that come of them."""

from __future__ import annotations

import pytest

from tests.support.doctext import opened
from tui_editor.commands.context import IssueDraft
from tui_editor.commands.headless import HeadlessFront, Keyboard
from tui_editor.commands.issue_drafts import read_draft
from tui_editor.model.ids import InstanceId
from tui_editor.model.issues import Issue, IssueKind

FRAMED = (IssueKind.LABEL, IssueKind.FRAME, IssueKind.FRAME_RANGE, IssueKind.PIN, IssueKind.FILE)
TAGS = ("hard", "ask the author")
ONE = "car@0 box 10,10 20,20"


def read(text: str, kind: IssueKind = IssueKind.FRAME, kinds: tuple[IssueKind, ...] = FRAMED) -> IssueDraft:
    return read_draft(IssueDraft(kind=kind, kinds=kinds, all_tags=TAGS, text=text))


@pytest.mark.parametrize(
    ("text", "said", "tags", "frames"),
    [
        ("too  dark", "too  dark", (), None),
        ("too #ha dark", "too dark", ("hard",), None),
        ("#ask-the #hard", "", TAGS, None),
        ("#3 of 5 # #zebra", "#3 of 5 # #zebra", (), None),
        ("@4-9 blurred", "blurred", (), (4, 9)),
        ("@9–4", "", (), (4, 9)),
        ("@7", "", (), (7, 7)),
        ("mail a@7 @home @1-2-3", "mail a@7 @home @1-2-3", (), None),
    ],
)
def test_words_name_tags_and_frames_and_all_others_are_the_comment(
    text: str, said: str, tags: tuple[str, ...], frames: tuple[int, int] | None
) -> None:
    found = read(text)
    assert (found.text, found.tags, found.frames) == (said, tags, frames)


@pytest.mark.parametrize(
    ("kind", "text", "becomes"),
    [
        (IssueKind.FILE, "@3-5 odd", IssueKind.FRAME_RANGE),
        (IssueKind.FRAME, "@3-5 odd", IssueKind.FRAME_RANGE),
        (IssueKind.FRAME_RANGE, "@3 odd", IssueKind.FRAME),
        (IssueKind.LABEL, "@3-5 odd", IssueKind.LABEL),
        (IssueKind.PIN, "@3-5 odd", IssueKind.PIN),
    ],
)
def test_frames_make_an_issue_one_of_a_frame_or_a_range_but_a_label_stays_one(
    kind: IssueKind, text: str, becomes: IssueKind
) -> None:
    assert read(text, kind).kind is becomes


def test_a_single_picture_has_no_frames_to_name() -> None:
    found = read("@3-5 odd", IssueKind.FILE, (IssueKind.PIN, IssueKind.FILE))
    assert (found.kind, found.text, found.frames) == (IssueKind.FILE, "@3-5 odd", None)


def raised(line: str, keys: str = "") -> Issue:
    keyboard = Keyboard(opened(ONE))
    if keys:
        keyboard.type(keys)
    assert keyboard.line(line)
    (issue,) = keyboard.store.state.document.open_issues()
    return issue


def test_the_line_raises_an_issue_on_a_range_with_a_tag() -> None:
    issue = raised(":issue.new @3-40 #hard blurred")
    assert (issue.kind, issue.frames, issue.tags, issue.title) == (
        IssueKind.FRAME_RANGE,
        (3, 40),
        ("hard",),
        "blurred",
    )
    assert issue.stage == "annotate"


def test_an_issue_of_a_label_may_name_a_range_of_its_frames() -> None:
    issue = raised(":issue.new @3-40 too loose", "j")
    assert (issue.kind, issue.frames, issue.instance) == (IssueKind.LABEL, (3, 40), InstanceId(1))


def test_frames_beyond_the_last_one_are_refused() -> None:
    keyboard = Keyboard(opened(ONE))
    keyboard.line(":issue.new @3-400 blurred")
    assert not len(keyboard.store.state.document.issues)
    assert "there is no frame 400" in keyboard.front.warnings[-1]


def test_an_issue_of_a_whole_track_names_no_frames_and_leads_to_the_object() -> None:
    draft = IssueDraft(kind=IssueKind.LABEL, kinds=FRAMED, text="another person", whole=True)
    keyboard = Keyboard(opened(ONE), HeadlessFront((draft,)))
    keyboard.type("j i")
    (issue,) = keyboard.store.state.document.open_issues()
    assert (issue.kind, issue.frames, issue.unit, issue.instance) == (IssueKind.LABEL, None, None, InstanceId(1))
    keyboard.type("5 l escape }")
    assert keyboard.store.state.selected == InstanceId(1)
