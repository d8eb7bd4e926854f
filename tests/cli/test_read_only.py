"""Commands on a project that may only be read: those that look work and say so, those that change are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.read_only import read_only

from tui_editor.storage.locate import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.support import Shell


@pytest.fixture
def shut(demo: Path) -> Iterator[Path]:
    """The demo project where it may only be read."""
    with read_only(demo) as view:
        yield view


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((folder / FOLDER).iterdir())}


@pytest.mark.parametrize(
    "words",
    [
        ["tasks"],
        ["tasks", "--json"],
        ["check", "--select", "O"],
        ["export", "{out}/labels.json", "--format", "coco"],
        ["render", "{project}", "--frame", "3", "-o", "{out}/frame.png"],
        ["issues"],
        ["show", "{project}"],
        ["log", "--task", "1"],
        ["verify"],
        [],
    ],
)
def test_what_looks_works_and_says_once_that_nothing_can_be_changed(
    shell: Shell, shut: Path, tmp_path: Path, words: list[str]
) -> None:
    before = files(shut)

    result = shell("--project", shut, *(word.format(out=tmp_path, project=shut) for word in words))

    assert result.code in {0, 1}
    assert result.err.count(f"{shut}: read-only, nothing can be changed here\n") == 1
    assert result.err.count("read-only") == 1
    assert before == files(shut)


def test_open_without_a_terminal_shows_the_project(shell: Shell, shut: Path, tmp_path: Path) -> None:
    before = files(shut)

    result = shell("open", shut)

    assert result.code == 0
    assert result.err.count("read-only") == 1
    assert before == files(shut)


@pytest.mark.parametrize("words", [["undo", "--task", "1"], ["import", "{photos}"], ["verify", "--record"]])
def test_what_changes_is_refused_with_what_to_do(shell: Shell, shut: Path, photos: Path, words: list[str]) -> None:
    before = files(shut)

    result = shell("--project", shut, *(word.format(photos=photos) for word in words))

    assert result.code == 4
    assert "the project may only be read here (copy it to a folder where you may write to change it)" in result.err
    assert before == files(shut)
