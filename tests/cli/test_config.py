"""config, settings defaults: a person's own settings, and what a project gives to those who say nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tui_editor.api.config import Config, config_file, load_config, with_defaults

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.support import Shell


@pytest.mark.usefixtures("demo")
def test_a_setting_is_said_by_the_person_the_project_or_nobody(shell: Shell) -> None:
    assert shell("config", "skip", "--json").json == {"skip": {"value": "10", "source": "default"}}
    assert shell("settings", "defaults", "skip=25", "zoom=fit", "--json").json == {
        "defaults": {"skip": "25", "zoom": "fit"}
    }
    assert shell("config", "skip", "--json").json == {"skip": {"value": "25", "source": "the project"}}
    assert shell("config", "skip", "5", "--json").json == {"skip": {"value": "5", "source": "your file"}}
    assert "skip = 5" in config_file().read_text()
    assert shell("config", "--unset", "skip").out == "25\n"
    assert shell("settings", "defaults", "skip=", "--json").json == {"defaults": {"zoom": "fit"}}
    assert shell("config", "skip").out == "10\n"


def test_without_a_project_the_settings_are_told_as_well(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    every = shell("config", "--json").json

    assert every["zoom"] == {"value": "keep", "source": "default"}
    assert "Default" not in shell("config").err
    assert str(config_file()) in shell("config").err


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("config", "colour"), 2, "no setting colour"),
        (("config", "zoom", "far"), 2, "one of keep, fit, 100"),
        (("config", "--unset"), 2, "takes the name"),
        (("settings", "defaults", "theme=light"), 2, "no default theme"),
        (("settings", "defaults", "skip=0"), 2, "a number from 1 to 1000"),
        (("settings", "defaults", "skip"), 2, "skip is no default"),
    ],
)
def test_what_no_setting_can_be_is_said(shell: Shell, words: tuple[str, ...], code: int, said: str) -> None:
    result = shell(*words)

    assert result.code == code
    assert said in result.err


@pytest.mark.parametrize("given", [None, 5, {"skip": "many", "theme": "light", "nothing": 1}, {"skip": [1]}])
def test_defaults_of_a_project_that_can_not_be_are_left_out(given: object) -> None:
    assert with_defaults(Config(), given) == Config()


def test_what_the_person_says_outweighs_the_project(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("skip = 3\n")

    found = with_defaults(load_config(file), {"skip": 25, "zoom": "fit"})

    assert (found.skip, found.zoom) == ("3", "fit")
    assert [found.source(name) for name in ("skip", "zoom", "turbo")] == ["your file", "the project", "default"]
