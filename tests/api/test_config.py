"""The configuration file: what it says is obeyed, what is wrong in it is told with its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tui_editor.api.config import KEYS, Config, ConfigBroken, load_config
from tui_editor.api.config_page import config_page
from tui_editor.cli.parser import GRAPHICS

if TYPE_CHECKING:
    from pathlib import Path


def said(folder: Path, text: str) -> Config:
    file = folder / "config.toml"
    file.write_bytes(text.encode())
    return load_config(file)


def test_without_a_file_everything_is_automatic(tmp_path: Path) -> None:
    assert load_config(tmp_path / "none.toml") == Config(graphics="auto", colours="auto")


def test_what_the_file_says_holds(tmp_path: Path) -> None:
    assert said(tmp_path, 'graphics = "sixel"\ncolours = 256\n') == Config(
        graphics="sixel", colours="256", said=frozenset({"graphics", "colours"})
    )
    assert said(tmp_path, 'turbo = "on"') == Config(turbo="on", said=frozenset({"turbo"}))


@pytest.mark.parametrize(
    ("line", "what", "text"),
    [
        (2, "no TOML", 'colours = "256"\ngraphics = \n'),
        (1, "no TOML", "graphics"),
        (3, "graphics can't be jpeg", '# mine\n\ngraphics = "jpeg"\n'),
        (2, "font is unknown", 'colours = "16"\nfont = 3\n'),
        (2, "font is unknown", 'graphics = "auto"\n[font]\na = 1\n'),
        (1, "graphics can't be \\['sixel'\\]", 'graphics = ["sixel"]'),
    ],
)
def test_what_is_wrong_is_told_with_its_line(line: int, what: str, text: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigBroken, match=what) as raised:
        said(tmp_path, text)

    assert raised.value.where.endswith(f"config.toml, line {line}")
    assert raised.value.hint


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(b"\xff\xfe")

    with pytest.raises(ConfigBroken, match="not UTF-8"):
        load_config(file)
    with pytest.raises(ConfigBroken, match="can't be read"):
        load_config(tmp_path)


def test_no_control_character_of_the_file_reaches_the_message(tmp_path: Path) -> None:
    with pytest.raises(ConfigBroken) as raised:
        said(tmp_path, '"a\\u001b[31m" = 1')

    assert str(raised.value).isprintable()


def test_the_file_knows_the_graphics_of_the_command_line() -> None:
    assert KEYS[0].values == GRAPHICS


def test_the_manual_names_every_key_and_value() -> None:
    page = config_page()

    assert all(f"`{word}`" in page for key in KEYS for word in (key.name, *key.values))
