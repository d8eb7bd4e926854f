"""log, undo, play: commands about what was done."""

from __future__ import annotations

from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from tui_editor.api.project import open_project

if TYPE_CHECKING:
    from tests.cli.support import Shell


@pytest.fixture
def reviewed(demo: Path, shell: Shell) -> Path:
    """The demo after a script approved the flower and rejected the scene."""
    Path("review.keys").write_text("# both objects\na x 1\n")
    assert shell("play", "review.keys", ".", "--task", "Dahlia").code == 0
    return demo


def decisions(shell: Shell) -> list[str]:
    Path("none.keys").write_text("")
    dump = shell("play", "none.keys", "--task", "Dahlia", "--dump", "-").json
    return [i["decision"] for i in dump["instances"]]


def test_play_does_what_the_keys_do_and_dumps_the_state(shell: Shell, demo: Path) -> None:
    Path("s.keys").write_text("a")
    result = shell("play", "s.keys", ".", "--task", "Dahlia", "--dump", "-", "--screenshot", "end.svg")

    assert result.code == 0
    assert result.json["title"] == "Dahlia"
    assert result.json["kept"] is True
    assert [i["decision"] for i in result.json["instances"]].count("approved") == 1
    assert "<svg" in (demo / "end.svg").read_text()


def test_play_writes_the_dump_into_a_file(shell: Shell, demo: Path) -> None:
    Path("s.keys").write_text("")

    assert shell("play", "s.keys", "--queue", "--dump", "d.json").out == ""
    assert '"screen": "queue"' in Path("d.json").read_text()


@pytest.mark.parametrize(
    ("script", "words", "code"),
    [
        (b'"open', [], 2),
        (b"\xff\xfe", [], 2),
        (None, [], 3),
        (b"a", ["--screenshot", "x.jpg"], 2),
        (b"a", ["--task", "nobody"], 2),
    ],
)
def test_play_refuses(shell: Shell, demo: Path, script: bytes | None, words: list[str], code: int) -> None:
    if script is not None:
        Path("s.keys").write_bytes(script)

    assert shell("play", "s.keys", ".", *words).code == code


def test_log_lists_what_was_done(shell: Shell, reviewed: Path) -> None:
    entries = shell("log", "--task", "Dahlia", "--json").json

    assert [(e["seq"], e["kind"], e["command"]) for e in entries] == [
        (1, "import", "import"),
        (2, "edit", "review.approve"),
        (3, "edit", "review.reject"),
    ]
    assert entries[1]["changes"] == {"decision made": 1}
    assert "issue made" in shell("log", "--task", "Dahlia").out


def test_log_is_filtered_by_number_person_and_time(shell: Shell, reviewed: Path) -> None:
    def numbers(*words: str) -> list[int]:
        return [e["seq"] for e in shell("log", "--task", "Dahlia", "--json", *words).json]

    assert numbers("--after", "2") == [3]
    assert numbers("--author", "nobody") == []
    assert numbers("--since", "2100-01-01") == []


def test_undo_takes_back_the_last_step(shell: Shell, reviewed: Path) -> None:
    before = decisions(shell)
    result = shell("undo", "--task", "Dahlia")

    assert result.code == 0
    assert result.out.startswith("took back 3: review.reject")
    assert sorted(before) == ["approved", "rejected"]
    assert sorted(decisions(shell)) == ["approved", "pending"]


def test_undo_takes_back_several_steps_and_stops_at_the_import(shell: Shell, reviewed: Path) -> None:
    assert [s["seq"] for s in shell("undo", "--task", "Dahlia", "-n", "9", "--json").json] == [3, 2]
    assert decisions(shell) == ["pending", "pending"]

    again = shell("undo", "--task", "Dahlia")
    assert again.code == 1
    assert "nothing to take back" in again.err


def test_undo_since_a_time_takes_back_all_from_then_on(shell: Shell, reviewed: Path) -> None:
    assert len(shell("undo", "--task", "Dahlia", "--since", "1h", "--json", "--yes").json) == 2
    assert shell("undo", "--task", "Dahlia", "--since", "2100-01-01").code == 1


def test_undo_touches_only_the_authors_steps(shell: Shell, reviewed: Path) -> None:
    assert shell("undo", "--task", "Dahlia", "--author", "somebody").code == 1
    assert sorted(decisions(shell)) == ["approved", "rejected"]


def test_undo_refuses_while_somebody_edits(shell: Shell, reviewed: Path) -> None:
    with open_project(reviewed) as project:
        task = next(row.id for row in project.tasks() if row.title == "Dahlia")
        with project.edit(task):
            refused: list[int] = []
            other = Thread(target=lambda: refused.append(shell("undo", "--task", "Dahlia").code))
            other.start()
            other.join()

    assert refused == [4]
    assert sorted(decisions(shell)) == ["approved", "rejected"]


@pytest.mark.parametrize("verb", ["log", "undo", "restore"])
def test_a_task_that_is_named_must_be_there(shell: Shell, demo: Path, verb: str) -> None:
    assert shell(verb, "--task", "nobody").code == 2


def test_play_writes_the_last_frame_as_png(shell: Shell, demo: Path) -> None:
    Path("s.keys").write_text("l l")
    result = shell("play", "s.keys", ".", "--task", "Street, summer morning", "--screenshot", "end.png")

    assert result.code == 0
    shell("render", ".", "--task", "Street, summer morning", "--frame", "2", "-o", "wanted.png")
    assert (demo / "wanted.png").read_bytes() == (demo / "end.png").read_bytes()


def test_a_picture_of_the_queue_is_refused(shell: Shell, demo: Path) -> None:
    Path("s.keys").write_text("j")
    result = shell("play", "s.keys", str(demo), "--queue", "--screenshot", "end.png")
    assert result.code == 2
    assert "no frame to write" in result.err
