"""Projects for the tests of the front end, built once and copied for each test."""

from __future__ import annotations

from shutil import copytree
from typing import TYPE_CHECKING

import pytest

from tests.ui.projects import build, clip, labelled, one_car
from tui_editor.ports import ImportedTask
from tui_editor.ui.screens.remarks import RemarksScreen

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def _masters(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return a folder of each kind, not to be changed."""
    root = tmp_path_factory.mktemp("projects")
    second = ImportedTask(task=clip(2, "second"), document=one_car(2, "review"))
    other = ImportedTask(task=clip(3, "third"), document=one_car(3))
    return {
        "annotate": build(root / "annotate", [labelled(), other]),
        "review": build(root / "review", [labelled("review"), second]),
        "long": build(
            root / "long",
            [ImportedTask(task=clip(n, f"task {n:04}"), document=one_car(n)) for n in range(1, 1001)],
        ),
    }


@pytest.fixture(autouse=True)
def state_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test folders of its own for state and configuration; return the one for state."""
    folder = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))
    return folder


@pytest.fixture(autouse=True)
def _unrested(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no window check its task because a slow machine let it rest: what is shown is what a test did."""
    monkeypatch.setattr(RemarksScreen, "rested", lambda _: None)


@pytest.fixture
def annotate(_masters: dict[str, Path], tmp_path: Path) -> Path:
    """Return a project with a clip to annotate and another task."""
    return copytree(_masters["annotate"], tmp_path / "annotate")


@pytest.fixture
def review(_masters: dict[str, Path], tmp_path: Path) -> Path:
    """Return a project with a clip in review, and a second task there."""
    return copytree(_masters["review"], tmp_path / "review")


@pytest.fixture
def long_queue(_masters: dict[str, Path], tmp_path: Path) -> Path:
    """Return a project with a thousand tasks."""
    return copytree(_masters["long"], tmp_path / "long")
