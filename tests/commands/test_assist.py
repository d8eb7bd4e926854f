"""What the lines offer while one types: ways to go on, and the place of what is wrong."""

from __future__ import annotations

import pytest

from tests.support.doctext import ONTOLOGY, opened
from tui_editor.commands.assist import Assisted, assist_filter
from tui_editor.commands.context import Context
from tui_editor.commands.headless import HeadlessFront
from tui_editor.commands.history import LineHistory
from tui_editor.commands.line import LineAssist
from tui_editor.commands.table import TABLE
from tui_editor.state.filters.syntax import FIELDS
from tui_editor.state.view import Mode

CLASSES = [entry.name for entry in ONTOLOGY.all()]
TEXT = "car@0 box 10,10 20,20\nvan@0 box 1,1 2,2"


def context() -> Context:
    return Context(front=HeadlessFront(), task=opened(TEXT))


def offered(found: Assisted) -> list[str]:
    return [suggestion.text for suggestion in found.suggestions]


@pytest.mark.parametrize(
    ("text", "start", "words"),
    [
        ("", 0, " ".join(field if field == "score" else f"{field}:" for field in FIELDS)),
        ("s", 0, "score state: shape:"),
        ("car -sh", 5, "shape:"),
        ("class:", 6, " ".join(CLASSES)),
        ("class:car,", 10, " ".join(CLASSES)),
        ("class:car,V", 10, "van"),
        ("state:re", 6, "rejected resolved reopened"),
        ("shape:r", 6, '"rotated box"'),
        ("attr:", 5, "Color Shade Speed"),
        ("attr:color=", 11, "Red Blue"),
        ('text:"two words" tr', 17, "track:"),
        ("text:/a b/ key:y", 15, "yes"),
        ("frame:", 6, "100-200"),
        ("wheel", 0, ""),
    ],
)
def test_a_filter_may_go_on(text: str, start: int, words: str) -> None:
    import shlex

    found = assist_filter(context(), text)
    assert found.start == start
    assert shlex.split(words, posix=False) == offered(found)


def test_what_is_wrong_in_a_filter_is_marked_where_it_stands_on_the_line() -> None:
    found = assist_filter(context(), " class:plane x", 7)
    assert found.fault is not None
    assert (found.fault.start, found.fault.stop) == (14, 19)
    assert "car, van" in found.fault.what


def line(text: str) -> Assisted:
    return LineAssist(context(), TABLE, Mode.BROWSE, " ".join)(text)


def test_a_name_goes_on_as_commands_whose_name_begins_so_then_by_title() -> None:
    assert offered(line("fram"))[:3] == ["frame.next", "frame.previous", "frame.forward"]
    assert offered(line("filter"))[0] == "filter"
    assert "frame.last" in offered(line("last frame"))
    assert line(":cl").start == 1
    assert offered(line("zzz")) == []
    assert offered(line("120")) == offered(line("@3,4")) == []


def test_every_command_is_offered_on_an_empty_line_the_useful_ones_first() -> None:
    found = line("").suggestions
    assert len(found) == len(TABLE)
    useful = [not suggestion.disabled for suggestion in found]
    assert useful == sorted(useful, reverse=True)


def test_arguments_are_offered_by_their_kind() -> None:
    assert offered(line("box ")) == CLASSES
    assert offered(line("draw.box V")) == ["van"]
    assert offered(line("view.pan ")) == ["h", "j", "k", "l"]
    assert offered(line("app.pane t")) == ["timeline"]
    assert offered(line("filter class:e")) == ["eye"]
    assert line("filter class:e").start == 13
    assert line("filter class:zz ").fault is not None
    assert offered(line("edit.undo x")) == []


def test_a_history_holds_each_line_once_the_latest_last() -> None:
    history = LineHistory(["a", "b"])
    for text in ("a", "", " c ", "\x1b[2J"):
        history.add(text)
    assert history.lines == ["b", "a", "c", "␛[2J"]
    for number in range(600):
        history.add(str(number))
    assert len(history.lines) == 500
