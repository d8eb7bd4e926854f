"""The choice of graphics, and what doctor says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from tui_editor.ui.terminal.facts import GraphicsKind, Terminal, choose_graphics, facts
from tui_editor.ui.terminal.settled import settled

if TYPE_CHECKING:
    from pathlib import Path

PLAIN = Terminal(term="xterm-256color", answered=True, cell_px=(8, 16))
KITTY = replace(PLAIN, name="kitty(0.40.0)", kitty_graphics=True)
IN_TMUX = replace(PLAIN, name="tmux 3.4", multiplexer="tmux", outer_kitty_graphics=True, colours=256)
XTERM = replace(PLAIN, name="XTerm(379)", sixel=True)


@pytest.mark.parametrize(
    ("expected", "terminal"),
    [
        (GraphicsKind.KITTY, KITTY),
        (GraphicsKind.SIXEL, XTERM),
        (GraphicsKind.CELLS, PLAIN),
        (GraphicsKind.KITTY, replace(PLAIN, name="Konsole 22.12.3", kitty_graphics=True, sixel=True)),
        (GraphicsKind.SIXEL, replace(PLAIN, name="WezTerm 20240203", kitty_graphics=True, sixel=True)),
        (GraphicsKind.ITERM2, replace(PLAIN, name="WezTerm 2024", kitty_graphics=True, sixel=True, inline_images=True)),
        (GraphicsKind.ITERM2, replace(PLAIN, name="xterm.js(6.1.0)", sixel=True, inline_images=True)),
        (GraphicsKind.KITTY, replace(PLAIN, name="xterm.js(6.1.0)", kitty_graphics=True)),
        (GraphicsKind.CELLS, replace(KITTY, multiplexer="tmux")),
        (GraphicsKind.KITTY, replace(IN_TMUX, outer="kitty(0.41.1)")),
        (GraphicsKind.KITTY, replace(IN_TMUX, outer="ghostty 1.2.0", sixel=True)),
        (GraphicsKind.CELLS, replace(IN_TMUX, outer="kitty(0.26.5)")),
        (GraphicsKind.CELLS, replace(IN_TMUX, outer="kitty(0.41.1)", colours=16)),
        (GraphicsKind.CELLS, replace(IN_TMUX, outer="Konsole 22.12.3")),
        (GraphicsKind.SIXEL, replace(IN_TMUX, outer="WezTerm 2024", sixel=True)),
        (GraphicsKind.SIXEL, replace(XTERM, multiplexer="tmux")),
        (GraphicsKind.CELLS, replace(KITTY, cell_px=None)),
        (GraphicsKind.CELLS, replace(PLAIN, answered=False)),
        (GraphicsKind.KITTY, replace(KITTY, answered=False)),
        (GraphicsKind.NONE, replace(KITTY, tty=False)),
        (GraphicsKind.NONE, replace(KITTY, term="dumb")),
    ],
)
def test_the_best_graphics_that_works_is_chosen(expected: GraphicsKind, terminal: Terminal) -> None:
    chosen = choose_graphics(terminal)

    assert expected is chosen.kind
    plain = not (terminal.name.startswith("xterm.js") or terminal.multiplexer)
    assert chosen.layered == (expected is GraphicsKind.KITTY and plain)
    assert chosen.placeholders == (expected is GraphicsKind.KITTY and bool(terminal.multiplexer))
    assert chosen.why


def test_what_the_user_asks_for_is_taken() -> None:
    assert choose_graphics(KITTY, "cells").kind is GraphicsKind.CELLS
    assert choose_graphics(KITTY, "auto").kind is GraphicsKind.KITTY
    with pytest.raises(ValueError, match="jpeg"):
        choose_graphics(KITTY, "jpeg")


def test_the_configuration_is_obeyed_and_the_command_line_outweighs_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "tui-editor").mkdir()
    (tmp_path / "tui-editor" / "config.toml").write_text('graphics = "cells"\ncolours = "256"\n')
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))

    terminal, graphics = settled(replace(KITTY, colours=1 << 24))
    assert (terminal.colours, graphics.kind) == (256, GraphicsKind.CELLS)
    assert "configuration" in graphics.why
    assert settled(KITTY, "kitty")[1].kind is GraphicsKind.KITTY
    assert settled(KITTY, "auto")[1].kind is GraphicsKind.KITTY


@pytest.mark.parametrize(("expected", "version"), [(False, "0.26.5"), (True, "0.28.0"), (True, "0.40.1")])
def test_pictures_lie_under_the_text_only_where_cells_cover_them(expected: bool, version: str) -> None:
    assert choose_graphics(replace(KITTY, name=f"kitty({version})")).covered_by_cells is expected


def test_each_fact_has_a_reason_and_no_control_character() -> None:
    hostile = replace(KITTY, name="kitty\x1b[31m(1.0)", term="x\x07")

    told = facts(hostile, choose_graphics(hostile))

    assert {"terminal", "cell", "kitty graphics", "sixel", "pictures", "multiplexer"} <= {fact.name for fact in told}
    assert all(fact.value and fact.why for fact in told)
    assert "".join(fact.value for fact in told).isprintable()
