"""`tui-editor compare`: its report, its JSON, its gates."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.api.test_comparing import coco
from tests.cli.support import HOSTILE
from tests.metrics.motfile import project_of, read_mot
from tests.metrics.test_tracks import TUD
from tests.support.data import shared_data

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.support import Shell


@pytest.fixture
def sides(tmp_path: Path) -> tuple[Path, Path]:
    """Three cars against three: one fits, one fits loosely, one is elsewhere."""
    return (
        coco(tmp_path / "truth.json", {"1.png": [5, 40], "2.png": [90]}),
        coco(tmp_path / "found.json", {"1.png": [5, 42], "2.png": [150]}),
    )


def test_the_report_tells_figures_classes_and_what_differs(shell: Shell, sides: tuple[Path, Path]) -> None:
    result = shell("compare", *sides)

    assert result.code == 0
    assert "F1 0.667   precision 0.667   recall 0.667" in result.out
    assert "compared: 2 media with 2 frames" in result.out
    row = next(line for line in result.out.splitlines() if line.startswith("car "))
    assert " ".join(row.split()) == "car 3 3 2 0.667 0.667 0.667 0.833 0.556"
    assert "error E01 2.png: only A has car (0)" in result.out
    assert "warning E04 1.png: car (1) fits loosely, overlap 0.67" in result.out


def test_errors_are_listed_before_warnings(shell: Shell, sides: tuple[Path, Path]) -> None:
    lines = [line.split()[0] for line in shell("compare", *sides).out.splitlines()[-3:]]

    assert lines == ["error", "error", "warning"]


def test_only_the_first_disagreements_are_listed_until_all_are_asked_for(shell: Shell, tmp_path: Path) -> None:
    a = coco(tmp_path / "a.json", {"1.png": list(range(0, 190, 12))})
    b = coco(tmp_path / "b.json", {"1.png": []})

    assert shell("compare", a, b).out.endswith("… and 6 more: --list shows all\n")
    assert shell("compare", a, b, "--list").out.count("\nerror E01") == 16


def test_json_holds_the_figures_and_on_demand_the_findings(shell: Shell, sides: tuple[Path, Path]) -> None:
    brief, full = (shell("compare", *sides, "--json", *more).json for more in ((), ("--list",)))

    assert brief["figures"]["f1"] == pytest.approx(2 / 3)
    assert brief["figures"]["kappa"] is None  # one class: nothing to agree on
    assert brief["conflicts"] == {"E01": 1, "E02": 1, "E04": 1}
    assert "findings" not in brief
    assert [(f["rule"], f["severity"], f["title"], f["frame"]) for f in full["findings"]] == [
        ("E04", "warning", "1.png", 0),
        ("E01", "error", "2.png", 0),
        ("E02", "error", "2.png", 0),
    ]


@pytest.mark.parametrize(
    ("gates", "code", "failures"),
    [
        (["f1=0.6"], 0, 0),
        (["f1=0.7"], 1, 1),
        (["f1=0.6,recall=0.9"], 1, 1),
        (["F1=0.7", "precision=0.9", "mIoU=0.5"], 1, 2),
    ],
)
def test_a_gate_that_does_not_hold_is_exit_code_1(
    shell: Shell, sides: tuple[Path, Path], gates: list[str], code: int, failures: int
) -> None:
    options = [word for gate in gates for word in ("--fail-under", gate)]
    result = shell("compare", *sides, *options)

    assert result.code == code
    assert result.err.count("failed: ") == failures
    assert len(shell("compare", *sides, "--json", *options).json["failed"]) == failures


@pytest.mark.parametrize(
    ("gate", "reason"),
    [
        ("speed=1", "there is no figure named speed"),
        ("f1", "has no limit"),
        ("f1=high", "has no limit"),
        ("f1=nan", "has no limit"),
        ("hota=0.5", "hota can't be measured here"),
    ],
)
def test_a_gate_that_proves_nothing_is_wrong_use(
    shell: Shell, sides: tuple[Path, Path], gate: str, reason: str
) -> None:
    result = shell("compare", *sides, "--fail-under", gate)

    assert result.code == 2
    assert reason in result.err


def test_counts_of_faults_fail_when_they_are_above_their_limit(shell: Shell, tmp_path: Path) -> None:
    for name in ("gt", "test"):
        project_of(tmp_path / name, read_mot(shared_data("mot") / f"TUD-Stadtmitte_{name}.txt")).close()
    sides = (tmp_path / "gt", tmp_path / "test")

    assert shell("compare", *sides, "--fail-under", "idsw=7,hota=0.39").code == 0
    assert "failed: idsw is 7, above 6" in shell("compare", *sides, "--fail-under", "idsw=6").err
    assert "HOTA 0.398   DetA 0.392   AssA 0.409   LocA 0.738" in shell("compare", *sides).out


@pytest.mark.parametrize("options", [["--iou", "0"], ["--iou", "1.5"], ["--low-overlap", "half"]])
def test_a_threshold_that_is_no_share_is_wrong_use(shell: Shell, sides: tuple[Path, Path], options: list[str]) -> None:
    assert shell("compare", *sides, *options).code == 2


def test_thresholds_decide_what_matches_and_what_is_told(shell: Shell, sides: tuple[Path, Path]) -> None:
    assert shell("compare", *sides, "--iou", "0.7", "--json").json["conflicts"] == {"E01": 2, "E02": 2}
    assert shell("compare", *sides, "--low-overlap", "0.5", "--json").json["conflicts"] == {"E01": 1, "E02": 1}


def test_formats_may_be_named_and_sides_may_be_addresses(shell: Shell, sides: tuple[Path, Path], demo: Path) -> None:
    assert shell("compare", *sides, "--format-a", "coco", "--format-b", "coco").code == 0
    assert shell("compare", *sides, "--format-b", "encord").code == 3
    assert shell("compare", demo, f"tui-editor://{demo}", "--fail-under", "f1=1").code == 0


def test_what_is_not_there_or_has_nothing_in_common_is_bad_input(
    shell: Shell, sides: tuple[Path, Path], tmp_path: Path
) -> None:
    other = coco(tmp_path / "other.json", {"9.png": [1]})

    assert shell("compare", sides[0], tmp_path / "nowhere.json").code == 3
    result = shell("compare", sides[0], other)
    assert (result.code, result.out) == (3, "")
    assert "no picture or video in common" in result.err


def test_a_project_is_compared_with_itself_without_a_word_on_stderr(shell: Shell, demo: Path) -> None:
    result = shell("compare", demo, demo, "--json")

    assert (result.code, result.err) == (0, "")
    assert result.json["figures"]["f1"] == 1
    assert set(result.json["conflicts"]) <= {"E08"}


def test_names_from_data_reach_no_report_raw(shell: Shell, tmp_path: Path) -> None:
    paths = []
    for name, place in (("a", 5), ("b", 60)):
        path = coco(tmp_path / f"{name}.json", {f"{HOSTILE}.png": [place]})
        document = json.loads(path.read_text())
        document["categories"][0]["name"] = HOSTILE
        path.write_text(json.dumps(document))
        paths.append(path)
    for options in ((), ("--json", "--list")):
        result = shell("compare", *paths, *options)
        assert result.code == 0
        assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(result.out + result.err)


# --- MOTChallenge files --------------------------------------------------------------------------------


def test_two_files_of_motchallenge_give_the_figures_of_trackeval(shell: Shell) -> None:
    truth, found = (shared_data("mot", f"TUD-Stadtmitte_{name}.txt") for name in ("gt", "test"))
    figures = shell("compare", truth, found, "--json").json["figures"]

    assert {name: figures[name] for name in TUD} == pytest.approx(TUD, abs=1e-9)


def test_lines_that_don_t_count_are_left_out_and_two_files_of_any_names_are_one_sequence(
    shell: Shell, tmp_path: Path
) -> None:
    (tmp_path / "here" / "gt.txt").write_text("1,1,9,9,20,20,1,1,1\n1,2,99,9,20,20,0,1,1\n2,1,9,9,20,20,1,1,1\n")
    (tmp_path / "here" / "mine.txt").write_text("1,7,9,9,20,20,-1,-1,-1,-1\n2,7,9,9,20,20,-1,-1,-1,-1\n")
    figures = shell("compare", "gt.txt", "mine.txt", "--json").json["figures"]

    assert (figures["mota"], figures["idf1"], figures["hota"]) == (1.0, 1.0, 1.0)
