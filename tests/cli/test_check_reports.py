"""`check`: its reports, what is accepted, what is mended."""

from __future__ import annotations

import datetime as dt
import json
import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from tests.cli.support import HOSTILE, Shell

from tui_editor.cli.reports import html, junit
from tui_editor.cli.reports.report import FORMATS

if TYPE_CHECKING:
    from pathlib import Path


def coco(path: Path, *boxes: list[Any], name: str = "car") -> Path:
    annotations = [{"id": n, "image_id": 1, "category_id": 1, "bbox": box} for n, box in enumerate(boxes, start=1)]
    images = [{"id": 1, "file_name": "a.png", "width": 40, "height": 30}]
    document = {"images": images, "categories": [{"id": 1, "name": name}], "annotations": annotations}
    path.write_text(json.dumps(document))
    return path


@pytest.fixture
def labels(photos: Path) -> Path:
    return coco(photos / "labels.json", [-9, 2, 20, 10], [10, 10, 0, 5])


# --- reports --------------------------------------------------------------------------------------


def test_json_has_an_object_a_finding(shell: Shell, labels: Path) -> None:
    result = shell("check", labels, "--select", "G", "--format", "json")
    (g01, g04) = result.json

    assert (result.code, g01["rule"], g04["rule"]) == (1, "G01", "G04")
    assert (g04["file"], g04["name"], g04["source_id"], g04["frame"]) == ("a.png", "car (0)", "1", 0)
    assert (g04["box_px"], g04["fix"], g04["task"]) == ([-9, 2, 20, 10], "clip", None)
    assert len(g04["key"]) == 16


def test_junit_has_a_suite_a_rule_and_a_failure_a_finding(shell: Shell, labels: Path) -> None:
    root = ET.fromstring(shell("check", labels, "--select", "G", "--format", "junit").out)
    suites = {suite.get("name", "")[:3]: suite for suite in root}

    assert (root.tag, root.get("failures")) == ("testsuites", "2")
    assert root.get("tests") == str(len(root.findall(".//testcase")))
    assert [f.get("type") for f in suites["G04"].iter("failure")] == ["warning"]
    assert list(suites["G03"].iter("failure")) == []


def test_sarif_has_a_result_a_finding_and_the_rules_that_ran(shell: Shell, labels: Path) -> None:
    log = shell("check", labels, "--select", "G", "--format", "sarif").json
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    result = run["results"][-1]

    assert log["version"] == "2.1.0"
    assert [rule["id"] for rule in rules] == sorted(rule["id"] for rule in rules)
    assert (rules[result["ruleIndex"]]["id"], result["ruleId"], result["level"]) == ("G04", "G04", "warning")
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a.png"


def test_github_has_a_line_a_finding(shell: Shell, labels: Path) -> None:
    lines = shell("check", labels, "--select", "G", "--format", "github").out.splitlines()

    assert [line.partition(" ")[0] for line in lines] == ["::error", "::warning"]
    assert lines[1].startswith("::warning file=a.png,title=G04 a.png › frame 0::car (0) reaches out of the frame")


def test_html_shows_pictures_and_needs_nothing_from_elsewhere(shell: Shell, labels: Path, tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    result = shell("check", labels, "--select", "G", "--format", "html", "-o", target)
    page = target.read_text(encoding="utf-8")

    assert (result.out, result.err) == ("", "1 error, 1 warning\n")
    assert page.count('src="data:image/png;base64,') == 2
    assert re.findall(r'(?:src|href)="(?!data:|#)', page) == []


def test_html_shows_the_first_findings_of_a_rule_and_counts_the_others(
    shell: Shell, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(html, "MOST_CARDS", 2)
    many = coco(photos / "many.json", *([-9, 2, 20, n] for n in range(1, 6)))
    page = shell("check", many, "--select", "G04", "--format", "html").out

    assert (page.count('<div class="card">'), "<td>5</td>" in page, "and 3 more" in page) == (2, True, True)


def test_the_pictures_of_the_html_are_shared_among_the_rules(
    shell: Shell, labels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(html, "MOST_CROPS", 2)
    page = shell("check", labels, "--select", "G", "--format", "html").out

    assert [part.count("<img") for part in page.split("<h2")] == [0, 1, 1]


def test_the_cases_of_junit_may_lie_in_a_file_meanwhile(
    shell: Shell, labels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = shell("check", labels, "--format", "junit").out
    monkeypatch.setattr(junit, "HELD_BYTES", 10)

    assert shell("check", labels, "--format", "junit").out == held


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--target", "nope"], 3, "nope"),
        (["--against", "nope.json"], 3, "nope.json: there is no such file or folder"),
        (["--until", "2030-01-01"], 2, "are of a waiver"),
        (["--reason", "wide"], 2, "are of a waiver"),
    ],
)
def test_what_is_named_beside_the_data_is_looked_at_first(
    shell: Shell, labels: Path, options: list[str], code: int, said: str
) -> None:
    result = shell("check", labels, *options)

    assert (result.code, result.out) == (code, "")
    assert said in result.err


@pytest.mark.parametrize(("form", "told"), [("github", "file=a#1.png,"), ("sarif", '"uri": "a%231.png"')])
def test_a_file_may_have_a_number_sign_in_its_name(shell: Shell, photos: Path, form: str, told: str) -> None:
    file = coco(photos / "labels.json", [-9, 2, 20, 10])
    file.write_text(file.read_text().replace("a.png", "a#1.png"))

    assert told in shell("check", file, "--select", "G", "--format", form).out


@pytest.mark.parametrize("option", ["-o", "--write-baseline"])
def test_a_report_does_not_take_the_place_of_what_is_checked(shell: Shell, labels: Path, option: str) -> None:
    before = labels.read_bytes()
    result = shell("check", labels, option, labels)

    assert (result.code, labels.read_bytes()) == (2, before)
    assert "labels.json is what is checked" in result.err


@pytest.mark.parametrize("form", FORMATS)
def test_no_report_holds_a_control_character(shell: Shell, photos: Path, form: str) -> None:
    evil = coco(photos / "evil.json", [-9, 2, 20, 10], name=HOSTILE)
    result = shell("check", evil, "--select", "G04,S", "--format", form)

    assert "Evil␛]52" in result.out or "Evil\\u241b]52" in result.out
    assert [c for c in result.out if (ord(c) < 0x20 and c != "\n") or 0x7F <= ord(c) < 0xA0 or c == "\u202e"] == []


# --- several files, broken ones -------------------------------------------------------------------


def test_a_file_that_cannot_be_read_is_a_finding_and_the_others_are_checked(shell: Shell, labels: Path) -> None:
    broken = labels.parent / "broken.json"
    broken.write_text('{"images": [], "categories": [], "annotations": [{]}')
    result = shell("check", broken, labels, "--select", "S01,G01", "--format", "json")

    assert result.code == 1
    assert [(f["rule"], f["title"]) for f in result.json] == [("S01", "broken.json"), ("G01", "a.png")]
    assert ":1:" in result.json[0]["file"]


def test_a_folder_of_pictures_of_several_sizes_is_sound(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    for number, size in enumerate(((40, 30), (50, 60), (30, 40))):
        Image.effect_noise(size, 90).save(tmp_path / "photos" / f"{number:04}.png")

    assert shell("check", tmp_path / "photos").err == "no findings\n"


def test_when_nothing_can_be_read_the_exit_code_says_so(shell: Shell, photos: Path) -> None:
    broken = photos / "broken.json"
    broken.write_text("{")
    result = shell("check", broken)

    assert result.code == 3
    assert "S01" in result.out
    assert "Traceback" not in result.out + result.err


# --- what is accepted -----------------------------------------------------------------------------


def test_a_baseline_leaves_only_what_is_new(shell: Shell, labels: Path, tmp_path: Path) -> None:
    known = tmp_path / "known.json"
    assert shell("check", labels, "--select", "G", "--write-baseline", known).code == 0
    same = shell("check", labels, "--select", "G", "--baseline", known)
    coco(labels, [-9, 2, 20, 10], [10, 10, 0, 5], [90, 90, 5, 5])
    new = shell("check", labels, "--select", "G", "--baseline", known, "--format", "json")

    assert (same.code, same.err) == (0, "no findings (2 in the baseline)\n")
    assert (new.code, [f["rule"] for f in new.json]) == (1, ["G03"])


def test_a_waiver_needs_a_reason_and_holds_until_its_day(shell: Shell, labels: Path) -> None:
    key = shell("check", labels, "--select", "G01", "--format", "json").json[0]["key"]
    tomorrow = (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)).isoformat()

    assert shell("check", labels, "--waive", key).code == 2
    assert shell("check", labels, "--waive", key, "--reason", "a line", "--until", tomorrow).code == 0
    waived = shell("check", labels, "--select", "G01")
    settings = labels.parent / "checks.toml"
    settings.write_text(settings.read_text().replace(tomorrow, "2020-01-01"))
    ended = shell("check", labels, "--select", "G01")

    assert (waived.code, waived.err) == (0, "no findings (1 waived)\n")
    assert ended.code == 1
    assert "a waiver of G01" in ended.err
    assert "has ended: a line" in ended.err

    assert shell("check", labels, "--waive", key, "--reason", "still a line").code == 0
    assert settings.read_text().count("[[waive]]") == 1, "the one that had ended gave way"


def test_a_waiver_ends_when_what_it_waives_changes(shell: Shell, labels: Path) -> None:
    key = shell("check", labels, "--select", "G04", "--format", "json").json[0]["key"]
    shell("check", labels, "--waive", key, "--reason", "wide")
    coco(labels, [-12, 2, 20, 10], [10, 10, 0, 5])

    assert len(shell("check", labels, "--select", "G04", "--format", "json").json) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[rules.G99]\n", "there is no rule G99"),
        ("[rules.G02]\nleast = 3\n", "G02 has no least"),
        ("[rules.G02]\nleast_side_px = 'x'\n", "G02: least_side_px is a number"),
        ("[rules.G02]\nseverity = 'bad'\n", "G02: the severity bad"),
        ("colour = 1\n", "colour is unknown"),
        ("[[waive]]\nrule = 'G02'\n", "a waiver lacks key, author, reason"),
        ("x = [", "no TOML"),
    ],
)
def test_broken_settings_are_told(shell: Shell, labels: Path, text: str, said: str) -> None:
    (labels.parent / "checks.toml").write_text(text)
    result = shell("check", labels)

    assert result.code == 3
    assert said in result.err


def test_settings_change_severities_and_leave_rules_out(shell: Shell, labels: Path) -> None:
    (labels.parent / "checks.toml").write_text(
        'ignore = ["X", "O"]\n[rules.G04]\nseverity = "error"\n[rules.G01]\nseverity = "off"\n'
    )
    found = shell("check", labels, "--format", "json").json

    assert [(f["rule"], f["severity"]) for f in found if f["rule"][0] in "GXO"] == [("G04", "error")]


# --- projects -------------------------------------------------------------------------------------


def test_fix_mends_and_undo_takes_it_back(shell: Shell, labels: Path) -> None:
    shell("init")
    shell("import", labels)
    mended = shell("check", "--select", "G04", "--fix", "--fail-on", "warning")
    after = shell("check", "--select", "G04", "--fail-on", "warning")
    shell("undo", "--task", "1")
    undone = shell("check", "--select", "G04", "--fail-on", "warning")

    assert (mended.code, after.code, undone.code) == (0, 0, 1)
    assert "1 finding mended" in mended.err


def test_a_data_set_is_not_mended(shell: Shell, labels: Path) -> None:
    result = shell("check", labels, "--fix")

    assert result.code == 2
    assert "import" in result.err


def test_what_a_conversion_loses_is_told(shell: Shell, demo: Path) -> None:
    lost = shell("check", "--select", "C", "--target", "coco", "--format", "json")
    accepted = shell("check", "--select", "C", "--target", "coco", "--allow-lossy")

    assert lost.code == 1
    assert {(f["rule"], f["severity"]) for f in lost.json} == {("C01", "warning"), ("C02", "error")}
    assert accepted.code == 0


def test_gates_are_listed_and_set(shell: Shell, demo: Path) -> None:
    assert shell("gates").err == "no gates: tasks are submitted whatever the checks find\n"
    assert shell("gates", "annotate", "S", "G01,G07").code == 0
    assert shell("gates", "--json").json == {"annotate": ["S", "G01", "G07"]}
    assert shell("gates", "annotate", "Z9").code == 2


def test_labels_are_held_against_a_reference(shell: Shell, labels: Path) -> None:
    truth = coco(labels.parent / "truth.json", [-9, 2, 20, 10], [20, 15, 10, 10])
    result = shell("check", labels, "--select", "E", "--against", truth, "--no-pixels", "--format", "json")
    found = {(f["rule"], f["title"], f["frame"]) for f in result.json}

    assert result.code == 1
    assert {("E01", "a.png", 0), ("E02", "a.png", 0), ("E09", "agreement", None)} <= found


def test_annotators_are_held_against_each_other(shell: Shell, labels: Path) -> None:
    other = coco(labels.parent / "other.json", [-9, 2, 20, 10], [20, 15, 10, 10])
    words = ["--select", "A", "--against", other, "--annotators", "--no-pixels", "--format", "json"]

    assert "A01" in {f["rule"] for f in shell("check", labels, *words).json}
    assert shell("check", labels, "--select", "A", "--against", labels, "--annotators", "--no-pixels").code == 0
