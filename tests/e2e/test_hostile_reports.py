"""Names that attack reach no report raw, in whatever form: of classes, objects, files, comments, reasons and people."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from tests.e2e.hostile_names import AS_FILES, PAYLOADS, named_project
from tests.e2e.shell_runs import Run, run_all
from tests.e2e.test_hostile_files import CONTROL, TROUBLE
from tui_editor.cli.reports.report import FORMATS
from tui_editor.text import safe

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

SUBJECTS = ("project", "coco", "waived", "broken", "folder")
EVIL = PAYLOADS[0]


def coco(folder: Path) -> Path:
    """Write a COCO file of hostile names in which every family of checks finds something."""
    folder.mkdir(parents=True)
    names = list(PAYLOADS)
    files = [names[n] for n in AS_FILES]
    for name in files:
        Image.new("RGB", (40, 30)).save(folder / name, format="png")
    images = [{"id": n, "file_name": file, "width": 50, "height": 30} for n, file in enumerate([*files, *names])]
    classes = [{"id": n, "name": name, "supercategory": name} for n, name in enumerate(names)]
    boxes = [[-9, 2, 20, 10], [10, 10, 0, 5], [1, 1, 20, 20], [1, 1, 20, 20], [900, 900, 5, 5]]
    rows = [
        {"id": f"{name}{k}", "image_id": n, "category_id": n, "bbox": box, "area": 7, name or "x": name}
        for n, name in enumerate(names)
        for k, box in enumerate(boxes)
    ]
    file = folder / "labels.json"
    file.write_text(json.dumps({"images": images, "categories": classes, "annotations": rows, "info": {EVIL: EVIL}}))
    return file


def waiver(key: str) -> str:
    """A waiver with hostile author and reason that has ended."""
    evil = json.dumps(EVIL)
    said = f"author = {evil}\nreason = {evil}\nexpires = 2020-01-01\nsaid = {evil}\n"
    return f'[[waive]]\nrule = "G04"\nkey = "{key}"\n{said}'


@pytest.fixture(scope="module")
def subjects(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    home = tmp_path_factory.mktemp("home")
    named_project(home / "p", PAYLOADS).close()
    data = coco(home / "data")
    (run,) = run_all([["check", str(data), "--format", "json", "--select", "G04", "--no-pixels"]], home)
    settings = home / "waived.toml"
    settings.write_text(waiver(json.loads(run.stdout)[0]["key"]))
    broken = home / f"{EVIL.replace('/', '')}.json"
    broken.write_text(f'{{"{EVIL}": ')
    (home / "baseline.json").write_text(json.dumps({"version": EVIL, "findings": []}))
    return {
        "project": [str(home / "p")],
        "coco": [str(data)],
        "waived": [str(data), "--config", str(settings), "--no-pixels"],
        "broken": [str(broken), str(data)],
        "folder": [str(home / "data"), "--pixels"],
    }


@pytest.fixture(scope="module")
def runs(subjects: dict[str, list[str]], tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Run]:
    """What `check` wrote: (subject, form) → run."""
    cases = {(name, form): ["check", *subjects[name], "--format", form] for name, form in product(SUBJECTS, FORMATS)}
    return dict(zip(cases, run_all(list(cases.values()), tmp_path_factory.mktemp("runs")), strict=True))


def test_no_form_of_a_report_holds_a_control_or_hidden_character(runs: dict[tuple[str, str], Run]) -> None:
    assert [key for key, run in runs.items() if CONTROL.search(run.text)] == []
    assert [key for key, run in runs.items() if safe(run.text, 100_000_000) != run.text] == []
    assert [key for key, run in runs.items() if any(word in run.text for word in TROUBLE)] == []
    assert {run.code for run in runs.values()} <= {0, 1, 3}


def texts(value: Any) -> list[str]:
    """All texts of a JSON value, keys included."""
    if isinstance(value, dict):
        return [text for pair in value.items() for each in pair for text in texts(each)]
    return [t for each in value for t in texts(each)] if isinstance(value, list) else [value] * isinstance(value, str)


def test_what_a_viewer_makes_of_a_report_is_harmless_as_well(runs: dict[tuple[str, str], Run]) -> None:
    for (subject, form), run in runs.items():
        if form == "sarif":
            # viewers print a message as it is; json is for programs, and has names as they are
            shown = [r["message"]["text"] for r in json.loads(run.stdout)["runs"][0]["results"]]
        elif form == "junit":
            root = ET.fromstring(run.stdout)
            shown = [text for e in root.iter() for text in (e.text or "", *e.attrib.values())]
        else:
            continue
        assert [text for text in shown if safe(text, 100_000) != text] == [], (subject, form)


def test_the_html_page_runs_and_loads_nothing(runs: dict[tuple[str, str], Run]) -> None:
    for subject in SUBJECTS:
        page = runs[subject, "html"].stdout
        assert not re.search(r"<script|<link|<iframe|onerror=|javascript:", page)
        assert set(re.findall(r'(?:src|href)="([a-z]+:|#)', page)) <= {"data:", "#"}


def test_a_github_annotation_is_one_line_whatever_a_name_holds(runs: dict[tuple[str, str], Run]) -> None:
    for subject in SUBJECTS:
        lines = runs[subject, "github"].stdout.splitlines()
        assert [line for line in lines if not re.match(r"::(error|warning|notice) ", line)] == []


def test_names_still_tell_what_a_finding_is_about(runs: dict[tuple[str, str], Run]) -> None:
    assert "␛]52;c;UFdORUQ=" in runs["coco", "text"].stdout
    assert {f["name"].rpartition(" (")[0] for f in json.loads(runs["project", "json"].stdout)} & set(PAYLOADS)
    assert "a waiver of G04 by ␛]52;c;UFdORUQ=␇ has ended: ␛]52;c;UFdORUQ=␇" in runs["waived", "text"].stderr
