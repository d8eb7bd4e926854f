"""layouts: the project's custom editor layouts in the shell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.model.test_editor_layouts import NOW, OLD

if TYPE_CHECKING:
    from tests.cli.support import Shell


@pytest.mark.usefixtures("demo")
def test_layouts_are_checked_added_replaced_listed_and_removed(shell: Shell) -> None:
    Path("two.json").write_text(json.dumps(NOW))
    Path("four.json").write_text(json.dumps(OLD))
    assert "2 windows" in shell("layouts", "--check", "two.json").err
    assert list(shell("layouts", "--add", "two.json", "--json").json) == ["two"]
    assert shell("layouts", "two").json == NOW
    assert "4 windows" in shell("layouts", "two", "--add", "four.json").out
    assert shell("layouts", "two").json == OLD, "as it was given"
    assert "in use" in shell("layouts").out, "the first one is"
    assert "in use" not in shell("layouts", "--use", "").out
    assert "in use" in shell("layouts", "--use", "two").out
    assert shell("layouts", "--use", "none").code == 2
    assert "layouts: two" in shell("log", "--activities").out
    assert shell("layouts", "--remove", "two", "--json").json == {}
    assert "4 windows  in use" in shell("layouts", "--add", "four.json").out


@pytest.mark.usefixtures("demo")
def test_a_file_that_is_no_layout_changes_nothing_and_its_faults_are_told(shell: Shell) -> None:
    Path("bad.json").write_text('{"grid": [[0, 0]], "gridContent": {"1": {}}}')

    refused = shell("layouts", "--add", "bad.json")

    assert refused.code == 3
    assert "/grid: window 0 stands there twice; /gridContent/1: the grid has no such window" in refused.err
    assert shell("layouts", "--json").json == {}
    assert shell("layouts", "--add", "none.json").code == 3
    assert shell("layouts", "--remove", "none").code == 2
