"""The table of what editing can do: each command, key and test in it is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tui_editor.commands.table import by_id

TESTS = Path(__file__).parents[1]
ROWS = [
    re.split(r" (?<!\\)\| ", line.strip("| \n"))
    for line in (TESTS.parent / "docs/editing.md").read_text(encoding="utf-8").splitlines()
    if re.match(r"\| [MB]\d", line)
]


def test_the_table_has_all_rows_of_editing() -> None:
    wanted = [*range(11, 18), *range(20, 37), *range(40, 44), 83]
    assert [row[0] for row in ROWS] == [*(f"M{number}" for number in wanted), "B02", "B06", "B13"]


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_each_command_has_the_keys_that_the_table_says(row: list[str]) -> None:
    named = re.findall(r"`([a-z]+\.[a-z_]+)`(?: \(((?:`[^`]+`(?:, )?)+)\))?", row[2].replace("\\|", "|"))
    assert named
    for command, keys in named:
        known = {key.keys for key in by_id()[command].keys}
        said = set(re.findall(r"`([^`]+)`", keys))
        assert said <= known
        assert bool(said) == bool(known)


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_each_test_that_the_table_names_exists(row: list[str]) -> None:
    named = row[3].split("<br>")
    assert named
    for one in named:
        path, _, name = one.partition("::")
        assert re.search(rf"^(async )?def {name}\(", (TESTS / path).read_text(encoding="utf-8"), re.MULTILINE)
