"""backups: plain-text backups in the shell."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.support import Shell

TASK = ("--task", "Dahlia")


@pytest.mark.usefixtures("demo")
def test_a_backup_is_made_listed_and_read_back(shell: Shell) -> None:
    assert shell("backups").err.endswith("0 backups\n")
    file = shell("backups", *TASK, "--make", "--json").json["file"]
    assert [b["file"] for b in shell("backups", "--json").json] == [file]
    assert "already" in shell("backups", *TASK, "--restore", "last", "--yes").err
    text = Path(file).read_text()
    Path("other.jsonl").write_text("".join(text.splitlines(keepends=True)[:1]))

    emptied = shell("backups", *TASK, "--restore", "other.jsonl", "--yes")

    assert "as one entry; `tui-editor undo` takes it back" in emptied.err
    assert shell("backups", *TASK, "--restore", "last", "--yes", "--json").json["changes"] > 0
    assert [a["kind"] for a in shell("log", "--activities", "--json").json[:2]] == ["backup", "backup"]


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--make",), 2, "a task must be named"),
        ((*TASK, "--restore", "last", "--yes"), 2, "the task has no backup"),
        ((*TASK, "--restore", "no.jsonl", "--yes"), 3, "can't be read"),
    ],
)
def test_what_can_not_be_read_back_is_said(shell: Shell, words: tuple[str, ...], code: int, said: str) -> None:
    result = shell("backups", *words)

    assert result.code == code
    assert said in result.err
