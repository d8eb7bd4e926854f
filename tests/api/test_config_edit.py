"""Changing the configuration file: what is meant and nothing else, comments stay."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_editor.api.config import KEYS, ConfigBroken
from tui_editor.api.config_edit import drop_bindings, set_bindings, set_setting, with_line
from tui_editor.errors import Refused, UsageError

if TYPE_CHECKING:
    from pathlib import Path

MINE = """# my settings
graphics = "sixel"  # the office's xterm

[keys]
preset = "cvat"

[keys.browse]
"g v" = "draw.box van"   # vans
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "config.toml"
    made.write_text(MINE)
    return made


def test_a_value_is_changed_in_its_line_and_the_rest_stays(file: Path) -> None:
    config = set_setting("graphics", "kitty", file)
    assert config.graphics == "kitty"
    assert file.read_text() == MINE.replace('"sixel"', '"kitty"')


def test_a_new_key_comes_before_the_tables_and_goes_again(file: Path) -> None:
    assert set_setting("skip", "25", file).skip == "25"
    assert "xterm\nskip = 25\n\n[keys]" in file.read_text()
    set_setting("skip", "", file)
    assert file.read_text() == MINE


def test_the_file_is_made_where_there_is_none(tmp_path: Path) -> None:
    made = tmp_path / "new" / "config.toml"
    assert set_setting("theme", "light", made).theme == "light"
    assert made.read_text() == 'theme = "light"\n'


@pytest.mark.parametrize(("name", "value"), [("font", "x"), ("theme", "pink"), ("skip", "0"), ("skip", "²")])
def test_what_can_not_be_is_refused_and_the_file_stays(file: Path, name: str, value: str) -> None:
    with pytest.raises(UsageError):
        set_setting(name, value, file)
    assert file.read_text() == MINE


def test_keys_are_bound_changed_and_given_back(file: Path) -> None:
    set_bindings("browse", {"Z Z": "app.quit", "g v": "draw.box car"}, file)
    said = tomllib.loads(file.read_text())["keys"]
    assert said == {"preset": "cvat", "browse": {"g v": "draw.box car", "Z Z": "app.quit"}}
    assert "# vans" in file.read_text()
    set_bindings("browse", {"Z Z": None, "g v": "draw.box van"}, file)
    assert file.read_text() == MINE


def test_a_key_of_any_character_can_be_bound(file: Path) -> None:
    for keys in ('"', "\\", "=", "#", "'", "] x", "ä"):
        set_bindings("review", {keys: "app.help"}, file)
    assert len(tomllib.loads(file.read_text())["keys"]["review"]) == 7


def test_all_bindings_go_and_the_preset_stays(file: Path) -> None:
    set_bindings("review", {"K": "app.help"}, file)
    config = drop_bindings(file)
    assert (config.keys.preset, config.keys.entries) == ("cvat", ())


def test_a_file_that_says_it_otherwise_is_left_alone(tmp_path: Path) -> None:
    odd = tmp_path / "config.toml"
    odd.write_text('keys = { browse = { "K" = "app.help" } }\n')
    with pytest.raises((Refused, ConfigBroken)):
        set_bindings("browse", {"K": "app.quit"}, odd)
    assert odd.read_text() == 'keys = { browse = { "K" = "app.help" } }\n'


def test_a_broken_file_is_told_and_left_alone(tmp_path: Path) -> None:
    broken = tmp_path / "config.toml"
    broken.write_text("graphics = \n")
    with pytest.raises(ConfigBroken, match="no TOML"):
        set_setting("theme", "light", broken)
    assert broken.read_text() == "graphics = \n"


values = {key.name: st.sampled_from(key.values or ("1",)) for key in KEYS}


@given(st.lists(st.sampled_from(sorted(values)).flatmap(lambda n: st.tuples(st.just(n), values[n] | st.none()))))
def test_lines_that_are_set_one_after_the_other_say_what_was_set_last(steps: list[tuple[str, str | None]]) -> None:
    text, meant = MINE, {"graphics": "sixel"}
    for name, value in steps:
        text = with_line(text, (), name, None if value is None else f'"{value}"')
        meant = {n: v for n, v in meant.items() if n != name} | ({name: value} if value is not None else {})
    said = tomllib.loads(text)
    assert said.pop("keys") == {"preset": "cvat", "browse": {"g v": "draw.box van"}}
    assert said == meant
