"""Every file of the adversarial kit ends as its row says, through the shell and in the editor."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from tests.e2e.outcomes import MEDIA, TABLE, Outcome, Row
from tests.e2e.shell_runs import MOST_S, Run, run_all
from tests.support.data import shared_data
from tui_editor.api import create_project
from tui_editor.errors import ExitCode
from tui_editor.ui.script import play

if TYPE_CHECKING:
    from pathlib import Path

    from tui_editor.api import Project

pytestmark = pytest.mark.slow

MAX_RSS_KIB = 1536 * 1024
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")
TROUBLE = ("Traceback", "something unexpected", "Error:", "Fatal Python error")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Run]:
    """What each command made of each file: (command, file) → run."""
    kit, home = shared_data("adversarial"), tmp_path_factory.mktemp("home")
    cases: dict[tuple[str, str], list[str]] = {("init", ""): ["init", str(home / "p")]}
    for name in TABLE:
        file, project = str(kit / name), ["--project", str(home / "p")]
        cases["open", name] = ["open", file]
        cases["check", name] = ["check", file, "--format", "json"]
        cases["check with pixels", name] = ["check", file, "--format", "json", "--pixels"]
        cases["check without pixels", name] = ["check", file, "--format", "json", "--no-pixels"]
        cases["import", name] = ["import", file, *project]
        cases["render", name] = ["render", file, "-o", str(home / f"{name.replace('/', '-')}.png")]
        if name not in MEDIA:
            for kind in ("coco", "encord", "media"):
                cases[f"import as {kind}", name] = ["import", file, *project, "--format", kind]
    cases["tasks", ""] = ["tasks", "--project", str(home / "p"), "--json"]
    return dict(zip(cases, run_all(list(cases.values()), home), strict=True))


def test_the_table_names_every_file_of_the_kit() -> None:
    kit = shared_data("adversarial")

    assert set(TABLE) == {str(p.relative_to(kit)) for p in kit.rglob("*") if p.is_file()}


def outcome(run: Run) -> Outcome | int:
    """How `open` ended, from its exit code and what the checks told."""
    if run.code != ExitCode.OK:
        return Outcome.REFUSED if run.code == ExitCode.BAD_INPUT else run.code
    return Outcome.OPENS if "checks: no findings" in run.stderr else Outcome.WARNS


def test_each_file_opens_or_is_refused_as_its_row_says(runs: dict[tuple[str, str], Run]) -> None:
    assert {n: row.outcome for n, row in TABLE.items()} == {n: outcome(runs["open", n]) for n in TABLE}


def test_only_what_opens_is_imported(runs: dict[tuple[str, str], Run]) -> None:
    codes = {n: ExitCode.BAD_INPUT if row.outcome is Outcome.REFUSED else ExitCode.OK for n, row in TABLE.items()}
    assert codes == {n: runs["import", n].code for n in TABLE}
    kept = sum(code == ExitCode.OK for code in codes.values())
    assert runs["tasks", ""].stdout.count('"title"') == kept


def found(run: Run) -> tuple[tuple[str, int | None], ...]:
    """What a check found: rules and frames."""
    return tuple((f["rule"], f.get("frame")) for f in json.loads(run.stdout))


def test_check_finds_what_the_row_says(runs: dict[tuple[str, str], Run]) -> None:
    expected = {name: row.found for name, row in TABLE.items()}

    assert expected == {name: found(runs["check with pixels", name]) for name in TABLE}
    assert expected == {name: found(runs["check", name]) for name in TABLE}, "so few are decoded without being asked"


def test_check_without_pixels_finds_only_what_can_t_be_read_at_all(runs: dict[tuple[str, str], Run]) -> None:
    expected = {name: tuple(f for f in row.found if f[0] == "S01") for name, row in TABLE.items()}
    assert expected == {name: found(runs["check without pixels", name]) for name in TABLE}


def test_each_finding_names_its_file(runs: dict[tuple[str, str], Run]) -> None:
    told = {key: json.loads(run.stdout) for key, run in runs.items() if key[0].startswith("check")}
    assert [key for key, rows in told.items() for f in rows if key[1].rpartition("/")[2] not in f["file"]] == []


def test_check_ends_by_the_worst_that_it_found(runs: dict[tuple[str, str], Run]) -> None:
    def code(row: Row) -> ExitCode:
        if row.outcome is Outcome.REFUSED:
            return ExitCode.BAD_INPUT
        return ExitCode.FINDINGS if any(rule == "M01" for rule, _ in row.found) else ExitCode.OK

    assert {name: code(row) for name, row in TABLE.items()} == {n: runs["check with pixels", n].code for n in TABLE}


def test_a_data_set_of_hostile_pictures_names_each_with_what_is_wrong(tmp_path: Path) -> None:
    kit = shared_data("adversarial")
    names = [name for name in MEDIA if not name.endswith((".mp4", ".mov"))]
    images = [{"id": n, "file_name": name, "width": 4, "height": 4} for n, name in enumerate(names)]
    labels = tmp_path / "labels.json"
    labels.write_text(json.dumps({"images": images, "annotations": [], "categories": []}))
    for name in names:
        shutil.copy(kit / name, tmp_path)

    (run,) = run_all([["check", str(labels), "--format", "json", "--select", "S01,M01"]], tmp_path / "home")

    lost = {name for name in names if any(rule in {"S01", "M01"} for rule, _ in MEDIA[name].found)}
    assert {f["file"].rpartition("/")[2] for f in json.loads(run.stdout)} == lost
    assert run.code == ExitCode.FINDINGS


def test_no_reader_takes_a_file_that_is_not_its_own(runs: dict[tuple[str, str], Run]) -> None:
    forced = {key: run.code for key, run in runs.items() if key[0].startswith("import as")}
    assert set(forced.values()) == {ExitCode.BAD_INPUT}


def test_a_picture_is_written_or_the_reason_is_told(runs: dict[tuple[str, str], Run]) -> None:
    written = {n: (ExitCode.OK if row.picture else ExitCode.BAD_INPUT) for n, row in TABLE.items()}
    assert written == {n: runs["render", n].code for n in TABLE}
    for name, row in TABLE.items():
        assert row.picture == ("pixels" in runs["render", name].stderr.partition("wrote ")[2])


def test_every_failure_names_the_file(runs: dict[tuple[str, str], Run]) -> None:
    silent = [key for key, run in runs.items() if run.code and key[1].rpartition("/")[2] not in run.text]
    assert silent == []


def test_no_command_crashes_or_passes_control_characters(runs: dict[tuple[str, str], Run]) -> None:
    assert [key for key, run in runs.items() if any(word in run.text for word in TROUBLE)] == []
    assert [key for key, run in runs.items() if CONTROL.search(run.text)] == []
    assert [
        key for key, run in runs.items() if run.code not in ({0, 1, 3} if key[0].startswith("check") else {0, 3})
    ] == []


def test_nothing_but_our_own_lines_is_printed(runs: dict[tuple[str, str], Run]) -> None:
    assert [key for key, run in runs.items() if "TIFF" in run.text] == [], "libtiff prints past Python"


def test_no_command_takes_more_memory_or_time_than_allowed(runs: dict[tuple[str, str], Run]) -> None:
    assert max(run.max_rss_kib for run in runs.values()) < MAX_RSS_KIB
    assert max(run.elapsed_s for run in runs.values()) < MOST_S


# --- in the editor -------------------------------------------------------------------------------

BAD = {
    "broken.png": "the first chunk is not IHDR",
    "crash-0c7e0e8e11ce787078f00b5b0ca409a167f070e0.tif": "the picture is damaged",
    "decompression_bomb.gif": "more memory than is allowed",
    "heapbof.png": "not a picture that we can decode",
    "reallybig.bmp": "more memory than is allowed",
    "sigsegv.png": "the picture is damaged",
}
"""Files of the kit, and why the editor says that it can't show them."""


@pytest.fixture
def mixed(tmp_path: Path) -> Project:
    """A folder in which every second picture is bad, as one task."""
    folder = tmp_path / "media"
    folder.mkdir()
    for number, name in enumerate(BAD):
        shade = np.full((60, 80, 3), 40 * number, np.uint8)
        Image.fromarray(shade).save(folder / f"{number}a.png")
        shutil.copy(shared_data("adversarial", name), folder / f"{number}b-{name}")
    project = create_project(tmp_path, "mixed", person="tester")
    project.import_data(folder)
    return project


def shown(project: Project, keys: list[str], screen: Path) -> str:
    """Text of the screen after a script of keys."""
    (task,) = project.tasks()
    played = play(project, task.id, keys, screenshot=screen)
    assert played.screen == "editor"
    return re.sub(r"<[^>]*>", " ", screen.read_text()).replace("&#160;", " ").replace("&#x27;", "'")


@pytest.mark.parametrize(("number", "why"), enumerate(BAD.values()))
def test_a_bad_frame_shows_a_card_that_says_why_and_the_one_before_its_picture(
    mixed: Project, number: int, why: str, tmp_path: Path
) -> None:
    bad = shown(mixed, ["l"] * (2 * number + 1) + ["z", "+", "-"], tmp_path / "bad.svg")
    assert "This frame can't be shown" in bad
    assert why in bad

    good = shown(mixed, ["h"], tmp_path / "good.svg")  # it opens where it was left
    assert "This frame can't be shown" not in good
    mixed.close()


def test_labels_are_drawn_on_the_good_frames_of_a_folder_with_bad_ones(mixed: Project) -> None:
    from tests.e2e.test_real_data import add_class

    add_class(mixed)
    (task,) = mixed.tasks()

    play(mixed, task.id, ["l", "l", "s", "b", "q", "enter", "c", "enter", "l", "h"])

    opened = mixed.read(task.id)
    (instance,) = opened.document.instances
    assert opened.document.label(instance, opened.task.units[0].id, 2) is not None
    found = Counter(f.rule for f in mixed.check(select=["M01"]))
    assert found == {"M01": len(BAD)}
    mixed.close()


def test_a_video_that_is_damaged_in_the_middle_says_so_at_its_frames_and_in_the_check(tmp_path: Path) -> None:
    project = create_project(tmp_path, "clip", person="tester")
    project.import_data(shared_data("adversarial", "corrupted.mp4"))

    whole = shown(project, ["2", "9", "l"], tmp_path / "29.svg")
    assert "can't be shown" not in whole
    assert "damaged" not in whole
    assert "the frame can't be decoded" in shown(project, ["l"], tmp_path / "30.svg")
    assert "the decoder concealed missing parts" in shown(project, ["2", "l"], tmp_path / "32.svg")
    assert [(f.rule, f.frame) for f in project.check()] == [("M01", 30), ("M07", 32)]
    project.close()
