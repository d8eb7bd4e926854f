"""The laws of the design that a program can check."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
MOST_LINES = 400
# Longer than the law allows, never longer than this; the entry goes when the module is divided.
LONGER = {"src/tui_editor/formats/encord/row_read.py": 460}
MOST_BYTES = 1_500_000
HEAVY = {
    "PIL", "apsw", "av", "cv2", "isal", "numpy", "rich", "shapely", "simplejpeg", "textual", "textual_image",
}  # fmt: skip
# Folders of the machine that something was written on; a bare `/tmp` or `~` names no machine.
MACHINE_PATH = re.compile(r"(?<![\w.~*)}\]])/(?:work|root|tmp)/\w")
TEXT = {".cfg", ".css", ".md", ".py", ".sh", ".sql", ".tcss", ".toml", ".txt", ".yaml", ".yml", ""}


@cache
def committed_files() -> tuple[Path, ...]:
    """Return the files that git tracks."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode != 0:
        pytest.skip("not a git checkout")
    files = (ROOT / name for name in listing.stdout.split("\0") if name)
    return tuple(path for path in files if path.is_file())


def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def relative(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def test_imports_point_down_and_the_borders_of_the_libraries_hold() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([lint, "--no-cache", "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stdout + result.stderr


def test_the_layer_contract_names_every_package() -> None:
    contract = pyproject()["tool"]["importlinter"]["contracts"][0]
    named = {name.strip(" ()") for layer in contract["layers"] for name in layer.split("|")}
    package = ROOT / "src" / "tui_editor"
    written = {path.parent.name for path in package.glob("*/__init__.py")} | {
        path.stem for path in package.glob("*.py")
    }

    assert contract["exhaustive"] is True
    assert written - {"__init__", "__main__"} <= named


def test_no_module_is_longer_than_400_lines() -> None:
    modules = [path for path in committed_files() if path.suffix == ".py"]
    lines = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8").count("\n") for path in modules}

    assert {name: count for name, count in lines.items() if count > LONGER.get(name, MOST_LINES)} == {}


@pytest.mark.parametrize("module", ["tui_editor", "tui_editor.errors", "tui_editor.text", "tui_editor.cli.main"])
def test_importing_the_front_door_loads_nothing_heavy(module: str) -> None:
    if not (ROOT / "src" / f"{module.replace('.', '/')}.py").exists() and module != "tui_editor":
        pytest.skip(f"{module} is not written yet")
    tell = f"import sys, {module}; print(*sorted({{name.partition('.')[0] for name in sys.modules}} & {HEAVY!r}))"
    loaded = subprocess.run([sys.executable, "-c", tell], capture_output=True, text=True, check=True).stdout

    assert loaded.split() == []


def test_no_file_names_a_folder_of_the_machine_it_was_written_on() -> None:
    texts = [path for path in committed_files() if path.suffix in TEXT]
    naming = [path for path in texts if MACHINE_PATH.search(path.read_text(encoding="utf-8", errors="replace"))]

    assert relative(naming) == []


@pytest.mark.parametrize(
    ("text", "names_a_machine"),
    [
        ("open('/" + "work/main/x')", True),
        ("see /" + "tmp/report.txt", True),
        ("cd /" + "root/project", True),
        ("https://example.org/" + "work/main", False),
        ("tests/" + "tmp/file", False),
        ("$HOME/" + "work/x", False),
    ],
)
def test_the_search_for_machine_folders_tells_them_from_other_paths(text: str, names_a_machine: bool) -> None:
    assert names_a_machine == bool(MACHINE_PATH.search(text))


def test_every_large_file_has_its_origin_in_the_list_of_sources() -> None:
    sources = (ROOT / "fixtures" / "SOURCES.md").read_text(encoding="utf-8")
    large = [path for path in committed_files() if path.stat().st_size > MOST_BYTES]

    assert [name for name in relative(large) if f"`{name}`" not in sources] == []


def test_textual_is_pinned_to_one_minor() -> None:
    (textual,) = (name for name in pyproject()["project"]["dependencies"] if name.startswith("textual>"))
    bounds = re.fullmatch(r"textual>=(\d+)\.(\d+)(?:\.\d+)?,<(\d+)\.(\d+)", textual)
    assert bounds is not None, textual
    low_major, low_minor, high_major, high_minor = map(int, bounds.groups())

    assert (low_major, low_minor + 1) == (high_major, high_minor)


def test_exactly_one_opencv_wheel_is_asked_for() -> None:
    project = pyproject()["project"]
    asked = [*project["dependencies"], *(name for extra in project["optional-dependencies"].values() for name in extra)]

    assert [name.split(">")[0] for name in asked if name.startswith("opencv")] == ["opencv-contrib-python-headless"]
    assert not any(name.startswith("encord[") for name in asked)  # its `coco` extra pulls another OpenCV
