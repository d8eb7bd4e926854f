"""Where a person's configuration, state and data lie."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
import pytest

from tui_editor.person_folders import config_folder, data_folder, state_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

HOME = {"HOME": "/home/ann"}
XDG = {f"XDG_{name}_HOME": f"/somewhere/{name}" for name in ("CONFIG", "STATE", "DATA")}


@pytest.mark.parametrize("given", [HOME, HOME | XDG, HOME | dict.fromkeys(XDG, ""), XDG])
def test_they_are_those_of_other_programs(monkeypatch: pytest.MonkeyPatch, given: Mapping[str, str]) -> None:
    for name in (*HOME, *XDG):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert [config_folder(), state_folder(), data_folder()] == [
        Path(folder("tui-editor", appauthor=False))
        for folder in (platformdirs.user_config_dir, platformdirs.user_state_dir, platformdirs.user_data_dir)
    ]


def test_a_relative_folder_is_ignored_and_nothing_is_kept_in_the_current_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ann")
    monkeypatch.setenv("XDG_STATE_HOME", "here")
    assert state_folder() == Path("/home/ann/.local/state/tui-editor")
    monkeypatch.setenv("HOME", "here")
    assert state_folder().is_absolute()
