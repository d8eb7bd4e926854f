"""`check --open` and `compare --open`: refused combinations, and the report where there is no terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.ui.projects import build, labelled

from tui_editor.cli import touring
from tui_editor.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from tui_editor.api.project import Project
    from tui_editor.commands.touring import Tour


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a project with a box that reaches out of its frame."""
    made = build(tmp_path / "p", [labelled(text="van@1 box 150,10 40,30")])
    (made / "checks.toml").write_text('select = ["G04"]\n')
    return made


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Tour]:
    """Return the tours that the editor is opened for; nothing is opened."""
    tours: list[Tour] = []

    def run_app(project: Project, *, tour: Tour, **more: Any) -> int:
        assert more["task"] in tour.findings
        tours.append(tour)
        return 0

    monkeypatch.setattr(touring, "is_interactive", lambda: True)
    monkeypatch.setattr("tui_editor.ui.launch.run_app", run_app)
    monkeypatch.setattr("tui_editor.cli.ending.leave", lambda code: code)
    return tours


def test_check_open_goes_through_what_is_found(folder: Path, opened: list[Tour]) -> None:
    assert main(["check", str(folder), "--open", "--no-pixels"]) == 0
    (tour,) = opened
    assert [[f.rule for f in found] for found in tour.findings.values()] == [["G04"]]
    assert tour.rules == ("G04",)


def test_check_open_where_nothing_is_found_says_so(
    folder: Path, opened: list[Tour], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(folder), "--open", "--no-pixels", "--select", "D01"]) == 0
    assert (opened, "nothing is found" in capsys.readouterr().err) == ([], True)


def test_check_open_mends_what_is_safe_first_where_that_is_asked_for(folder: Path, opened: list[Tour]) -> None:
    assert main(["check", str(folder), "--open", "--no-pixels", "--fix"]) == 0
    assert opened == []


def test_compare_open_goes_through_the_disagreements_in_b(tmp_path: Path, folder: Path, opened: list[Tour]) -> None:
    truth = build(tmp_path / "truth", [labelled(text="van@1 box 20,10 40,30")])
    assert main(["compare", str(truth), str(folder), "--open"]) == 0
    (tour,) = opened
    assert {f.rule for found in tour.findings.values() for f in found} == {"E01", "E02"}


@pytest.mark.parametrize("option", [["--waive", "k"], ["--write-baseline", "x"], ["--config", "x"], ["other"]])
def test_what_has_no_meaning_beside_the_editor_is_refused(
    folder: Path, opened: list[Tour], option: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(folder), "--open", *option]) == 2
    assert (opened, "Traceback" in capsys.readouterr().err) == ([], False)


def test_without_a_terminal_check_open_reports(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(folder), "--open", "--no-pixels", "--fail-on", "warning"]) == 1
    said = capsys.readouterr()
    assert ("G04" in said.out, "no terminal: this is the report" in said.err) == (True, True)
