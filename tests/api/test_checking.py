"""Checking from Python: projects, data sets, fixes, gates, conversions."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

import pytest
from msgspec.structs import replace

from tui_editor.api import check_data, create_project, open_project
from tui_editor.api.demo.build import build_demo
from tui_editor.api.quality import stripes
from tui_editor.api.quality.conversion import conversion_findings
from tui_editor.api.quality.fixing import fix_all
from tui_editor.api.undoing import undo_steps
from tui_editor.checks.gates import gates_of
from tui_editor.errors import FormatError, UsageError

if TYPE_CHECKING:
    from tui_editor.api import Finding

DOCS = Path(__file__).parents[2] / "docs" / "checking.md"


def coco(path: Path, *boxes: list[float], **more: Any) -> Path:
    """Write a COCO file with one picture of 100×80 pixels."""
    annotations = [{"id": n, "image_id": 1, "category_id": 1, "bbox": box} for n, box in enumerate(boxes, start=1)]
    document = {
        "images": [{"id": 1, "file_name": "a.png", "width": 100, "height": 80}],
        "categories": [{"id": 1, "name": "car"}],
        "annotations": annotations,
    }
    path.write_text(json.dumps({**document, **more}))
    return path


def rules(findings: Any) -> list[str]:
    return [finding.rule for finding in findings]


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    return coco(tmp_path / "labels.json", [-9, 2, 20, 10], [10, 10, 20, 20], [10, 10, 20, 20])


def test_a_data_set_is_checked_without_a_project(labels: Path) -> None:
    found = list(check_data(labels, ["G", "D"], pixels=False))

    assert [(f.rule, f.title, f.name, f.source_id, f.box_px) for f in found] == [
        ("D01", "a.png", "car (1)", "2", (10, 10, 20, 20)),
        ("G04", "a.png", "car (0)", "1", (-9, 2, 20, 10)),
    ]
    assert sorted(p.name for p in labels.parent.iterdir()) == ["labels.json"]


def test_labels_by_columns_and_task_by_task_have_the_same_findings(labels: Path) -> None:
    fast = list(check_data(labels, ["G", "D"], pixels=False))
    slow = list(check_data(labels, ["G", "D"], pixels=True))

    assert [(f.rule, f.message, f.key) for f in fast] == [(f.rule, f.message, f.key) for f in slow]


@pytest.mark.parametrize(
    ("broken", "rule", "said"),
    [
        ({"categories": [{"id": 1, "name": "a"}, {"id": 1, "name": "b"}]}, "S02", "2 categories have the identifier 1"),
        ({"categories": []}, "S03", "1 annotations are of the category 1"),
        ({"images": []}, "S05", "1 annotations are of images that the file doesn't list: 1"),
    ],
)
def test_identifiers_and_references_of_a_file_are_checked(
    tmp_path: Path, broken: dict[str, Any], rule: str, said: str
) -> None:
    found = list(check_data(coco(tmp_path / "x.json", [1, 1, 2, 2], **broken), [rule], pixels=False))

    assert [f.rule for f in found] == [rule]
    assert found[0].message.startswith(said)
    assert "x.json" in found[0].file


def test_a_broken_file_is_an_error_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"annotations/0/bbox"):
        list(check_data(coco(tmp_path / "x.json", ["a", 1, 2, 3]), pixels=False))  # type: ignore[list-item]


# --- projects -------------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path, labels: Path) -> Any:
    with create_project(tmp_path / "p", "p", person="ada") as made:
        made.import_data(labels)
        yield made


def shapes(project: Any) -> list[list[float]]:
    (row,) = project.tasks()
    document = project.read(row.id).document
    return sorted(track.geometry.fixed[0].tolist() for track in document.tracks.values())


def test_safe_fixes_are_one_step_that_can_be_taken_back(project: Any) -> None:
    before = shapes(project)
    mended = project.fix(project.check(["G04", "D01"], pixels=False))
    (row,) = project.tasks()

    assert sorted(rules(mended)) == ["D01", "G04"]
    assert shapes(project) == [[0, 2, 11, 10], [10, 10, 20, 20]]
    assert rules(project.check(["G04", "D01"], pixels=False)) == []
    undo_steps(project, row.id)
    assert shapes(project) == before


def test_only_labels_of_exactly_one_shape_are_deleted(tmp_path: Path) -> None:
    near = coco(tmp_path / "near.json", [10, 10, 20, 20], [10, 10, 20, 20.1])
    with create_project(tmp_path / "q", "q") as project:
        project.import_data(near)
        found = list(project.check(["D01"], pixels=False))

        assert rules(found) == ["D01"]
        assert fix_all(project, found) == []


def test_what_was_not_edited_since_is_left_out(project: Any) -> None:
    from tui_editor.api.checking import run_checks

    assert rules(run_checks(project, ["G04"], since_ms=1)) == ["G04"]
    assert rules(run_checks(project, ["G04"], since_ms=2**52)) == []


def test_thresholds_of_the_project_count(project: Any) -> None:
    (project.folder / "checks.toml").write_text("[rules.G04]\ntolerance_px = 10\n")

    assert rules(project.check(["G04"], pixels=False)) == []


def test_several_processes_find_the_same_in_the_same_order(tmp_path: Path) -> None:
    build_demo(tmp_path / "demo")
    with open_project(tmp_path / "demo") as project:
        alone = list(project.check(["G", "T", "X"], pixels=False))
        together = list(project.check(["G", "T", "X"], pixels=False, jobs=2))

    assert alone
    assert together == alone


def test_a_gate_is_kept_in_the_project(project: Any) -> None:
    project.set_gate("annotate", ["s", "G01"])
    assert dict(gates_of(project.info)) == {"annotate": ("S", "G01")}
    project.set_gate("annotate", [])
    assert dict(gates_of(project.info)) == {}


@pytest.mark.parametrize(("stage", "rule"), [("nowhere", "S"), ("annotate", "Z9")])
def test_a_gate_names_a_stage_and_rules_that_there_are(project: Any, stage: str, rule: str) -> None:
    with pytest.raises(UsageError):
        project.set_gate(stage, [rule])


# --- conversions ----------------------------------------------------------------------------------


def test_c02_tells_what_a_format_cannot_hold(project: Any) -> None:
    (row,) = project.tasks()
    with project.edit(row.id) as task:
        state = task.store.state
        key = min(state.document.instances)
        from tui_editor.model.ids import AttributeId
        from tui_editor.model.patch import InstanceChange, Patch

        old = state.document.instances[key]
        new = replace(old, answers={AttributeId("a"): "x"})
        task.store.apply(Patch((InstanceChange(key, old, new),)), "test")
        task.settle()
    found = list(conversion_findings(project, "coco"))
    lossy = list(conversion_findings(project, "coco", allow_lossy=True))

    assert {(f.rule, f.severity.value) for f in found} >= {("C02", "error")}
    assert {f.severity.value for f in lossy if f.rule == "C02"} == {"warning"}


def test_c01_and_c02_leave_what_the_format_holds(project: Any) -> None:
    assert list(conversion_findings(project, "coco")) == []


def test_c01_tells_what_is_not_read_back(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from tui_editor.formats.compare import Difference

    lost = (Difference(what="box moved", where="a.png", before="1", after="2"),)
    monkeypatch.setattr("tui_editor.api.exporting._read_back", lambda *_: lost)
    (finding,) = conversion_findings(project, "coco")

    assert (finding.rule, finding.message) == ("C01", "read back from coco: box moved in a.png: 1, then 2")


# --- the manual -----------------------------------------------------------------------------------


def test_the_examples_of_the_manual_run(
    tmp_path: Path, labels: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with create_project(tmp_path / "street", "street", person="ada") as made:
        made.import_data(labels)
    monkeypatch.chdir(tmp_path)
    examples = re.findall(r"^```python\n(.*?)^```", DOCS.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    for example in examples:
        exec(compile(example, str(DOCS), "exec"), {})

    assert len(examples) == 3
    assert "G04 warning a.png 0 car (0) reaches out of the frame: left by 9.0 px" in capsys.readouterr().out


def keys(findings: list[Finding]) -> set[str]:
    return {finding.key for finding in findings}


def test_a_finding_has_the_same_key_however_often_it_is_read(labels: Path) -> None:
    assert keys(list(check_data(labels, ["G04"], pixels=False))) == keys(list(check_data(labels, ["G04"])))


def test_no_more_processes_are_begun_than_four_a_core(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = Mock(return_value=iter(()))
    monkeypatch.setattr(stripes, "_striped", begun)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    assert list(stripes.answers(Mock(), Mock(), 999)) == []
    assert list(stripes.answers(Mock(), Mock(), 3)) == []
    assert [call.args[2] for call in begun.call_args_list] == [8, 3]
