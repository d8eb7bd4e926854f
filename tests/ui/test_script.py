"""Scripts of keys: read, played in the real editor, told as plain values."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.ui.projects import CLIP
from tui_editor.api.project import Project
from tui_editor.errors import UsageError
from tui_editor.storage.locate import open_store
from tui_editor.ui.script import Played, dump, play, read_script

if TYPE_CHECKING:
    from pathlib import Path

    from tui_editor.model.ids import TaskId


def played(folder: Path, script: str, task: TaskId | None = CLIP, **more: object) -> Played:
    """Play a script on a project."""
    with Project(folder, open_store(folder), "me") as project:
        return play(project, task, read_script(script), **more)  # type: ignore[arg-type]  # options of play


def test_a_word_is_a_key_quotes_type_text_and_a_hash_begins_a_comment() -> None:
    assert read_script('j x " "\nesc "to o" # the rest is said\n# nothing here\n"#" return') == [
        "j",
        "x",
        "space",
        "escape",
        "t",
        "o",
        "space",
        "o",
        "#",
        "enter",
    ]


def test_a_quotation_mark_that_is_not_closed_is_told_with_its_line() -> None:
    with pytest.raises(UsageError, match="a quotation mark is not closed") as caught:
        read_script('j\n"open')
    assert caught.value.where == "line 2"


def test_a_script_decides_and_its_outcome_is_plain_json(review: Path) -> None:
    told = json.loads(json.dumps(dump(played(review, 'a x 1 i "hm" enter'))))
    by_name = {i["name"]: i for i in told["instances"]}
    assert (told["screen"], told["stage"], told["kept"]) == ("editor", "review", True)
    assert tuple(by_name[n]["decision"] for n in ("car (0)", "car (1)", "van (0)")) == (
        "approved",
        "rejected",
        "pending",
    )
    assert by_name["car (0)"]["bounds"] == [10.0, 10.0, 50.0, 40.0]
    assert by_name["van (0)"]["labels"] == 2
    assert [i["title"] for i in told["issues"]] == ["Not tight", "hm"]


def test_what_a_script_did_is_on_disk(review: Path) -> None:
    first = dump(played(review, "a"))
    again = dump(played(review, "u"))
    assert first["seq"] + 1 == again["seq"]
    assert {"pending"} == {i["decision"] for i in again["instances"]}


def test_a_script_may_end_in_the_queue_and_leave_a_picture(review: Path, tmp_path: Path) -> None:
    target = tmp_path / "shot.svg"
    told = dump(played(review, "q", screenshot=target, size=(100, 30)))
    assert told["screen"] == "queue"
    assert "<svg" in target.read_text(encoding="utf-8")
