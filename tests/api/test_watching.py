"""The checks of an open task: the same findings as `check`, without what is waived or known, by the same settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.doctext import PROJECT, TASK, document
from tui_editor.api.config import ConfigBroken
from tui_editor.api.quality.settings import load_settings, unwaive, waive
from tui_editor.api.quality.watching import TaskChecks
from tui_editor.edits.labels import put_label
from tui_editor.edits.stamp import Stamp
from tui_editor.model.frames import FrameRef
from tui_editor.model.ids import InstanceId, TaskId
from tui_editor.model.shapes import Box
from tui_editor.ports import Finding, Severity

if TYPE_CHECKING:
    from pathlib import Path

OUT = document("car@0 box 630,10 40,20\ncar@1 box 630,10 40,20\nvan@4 box -9,10 40,20")
SELECT = 'select = ["G04"]\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "checks.toml").write_text(SELECT)
    return tmp_path


def looked(folder: Path | None, **more: object) -> TaskChecks:
    return TaskChecks(TASK, PROJECT, folder, **more)  # type: ignore[arg-type]  # keyword arguments of a test


def names(found: tuple[Finding, ...]) -> list[tuple[str, int | None]]:
    return [(f.rule, f.frame) for f in found]


def test_an_edit_changes_the_findings_of_what_it_touched(folder: Path) -> None:
    checks = looked(folder)
    before = checks.look(OUT)
    assert names(before.findings) == [("G04", 0), ("G04", 4)]
    patch = put_label(OUT, InstanceId(2), FrameRef(TASK.units[0].id, 4), Box(9, 10, 40, 20), Stamp("me", 1))
    assert names(checks.look(OUT.apply(patch)).findings) == [("G04", 0)]


def test_what_is_waived_is_told_apart_with_who_and_why_and_counts_no_more(folder: Path) -> None:
    checks = looked(folder)
    first = checks.look(OUT).findings[0]
    waive(folder / "checks.toml", first, "ada", "the street is wide")
    found = checks.look(OUT)
    assert (names(found.findings), names(found.waived), found.counts) == ([("G04", 4)], [("G04", 0)], (0, 1, 0))
    assert (found.accepted[first].author, found.accepted[first].reason) == ("ada", "the street is wide")


def test_a_waiver_that_is_taken_back_leaves_the_rest_of_the_file_as_it_was(folder: Path) -> None:
    file = folder / "checks.toml"
    text = f"{SELECT}\n# why\n[rules.G02]\nleast_side_px = 2.0 # [x]\n"
    file.write_text(text)
    one, two = looked(folder).look(OUT).findings
    waive(file, one, "ada", "so [[waive]] be it")
    waive(file, two, "ada", "second")
    assert unwaive(file, one) == 1
    assert [w.reason for w in load_settings(file).waivers] == ["second"]
    assert unwaive(file, two) == 1
    assert file.read_text().rstrip() == text.rstrip()
    assert unwaive(file, two) == 0


def test_a_threshold_that_is_changed_counts_from_the_next_look(folder: Path) -> None:
    checks = looked(folder)
    checks.look(OUT)
    (folder / "checks.toml").write_text(f"{SELECT}[rules.G04]\ntolerance_px = 500.0\n")
    assert checks.look(OUT).findings == ()


def test_a_threshold_counts_for_rules_that_look_at_a_task_as_well(folder: Path) -> None:
    two = document("car@0 box 10,10 40,20\nvan@0 box 10,10 40,20")
    (folder / "checks.toml").write_text('select = ["D03"]\n')
    assert looked(folder).look(two).findings == ()
    (folder / "checks.toml").write_text('select = ["D03"]\n[rules.D03]\nall_classes = 1.0\n')
    assert names(looked(folder).look(two).findings) == [("D03", 0)]


def test_broken_settings_are_a_problem_and_mended_ones_are_none(folder: Path) -> None:
    checks = looked(folder)
    (folder / "checks.toml").write_text("select = 1")
    assert "select is a list" in checks.look(OUT).problem
    (folder / "checks.toml").write_text(SELECT)
    assert len(checks.look(OUT).findings) == 2


def test_nothing_is_taken_out_of_settings_that_are_broken(folder: Path) -> None:
    first = looked(folder).look(OUT).findings[0]
    (folder / "checks.toml").write_text("select = 1")
    with pytest.raises(ConfigBroken):
        unwaive(folder / "checks.toml", first)


def test_findings_of_a_project_s_check_that_need_pixels_are_carried_and_others_are_not(folder: Path) -> None:
    pixels = Finding(rule="M02", severity=Severity.ERROR, message="m", task=TaskId(1))
    stale = Finding(rule="G04", severity=Severity.ERROR, message="old", task=TaskId(1), frame=77)
    found = looked(folder, carried=(pixels, stale)).look(OUT)
    assert names(found.findings) == [("M02", None), ("G04", 0), ("G04", 4)]


def test_what_a_baseline_knows_is_left_out(folder: Path) -> None:
    known = frozenset(f.key for f in looked(folder).look(OUT).findings[:1])
    assert names(looked(folder, known=known).look(OUT).findings) == [("G04", 4)]


def test_without_a_folder_every_rule_runs() -> None:
    assert {"G04", "S03"} <= {f.rule for f in looked(None).look(OUT).findings}
