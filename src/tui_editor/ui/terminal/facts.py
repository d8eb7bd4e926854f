"""What is known of the terminal, and how pictures are shown on it. Asks nothing: see `probe`."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping


class GraphicsKind(StrEnum):
    """How pictures reach the screen."""

    KITTY = "kitty"
    """Images in layers of their own under the text (kitty graphics protocol)."""
    ITERM2 = "iterm2"
    """Files inside the cells, JPEG among them (OSC 1337): text written there erases them."""
    SIXEL = "sixel"
    """Pixels inside the cells: text written there erases them."""
    CELLS = "cells"
    """Half-block characters, two pixels a cell."""
    NONE = "none"
    """No picture: lists and numbers only."""


class Terminal(Struct, frozen=True, kw_only=True):
    """What the terminal answered, in one look before the interface starts."""

    tty: bool = True
    """Whether input and output are a terminal at all."""
    term: str = ""
    """TERM of the environment."""
    name: str = ""
    """Name and version as XTVERSION tells them; empty when it stays silent."""
    answered: bool = False
    """The last question came back before the deadline."""
    elapsed_ms: float = 0.0
    """Time until the last answer; at least so long, where nobody waited for it."""
    columns: int = 80
    rows: int = 24
    cell_px: tuple[int, int] | None = None
    """(width, height) of a cell in pixels; None when nobody tells."""
    cell_source: str = ""
    """Which answer gave `cell_px`."""
    kitty_graphics: bool = False
    sixel: bool = False
    sixel_colours: int = 0
    """Colour registers; 0 when unknown."""
    sixel_max_px: tuple[int, int] | None = None
    """The largest sixel picture (width, height); None when unknown."""
    sync: bool = False
    """Synchronised updates (mode 2026)."""
    in_band_resize: bool = False
    """Sizes are reported in the input stream (mode 2048)."""
    pixel_mouse: bool = False
    """The pointer can be reported in pixels (mode 1016)."""
    multiplexer: str = ""
    """`tmux`, `screen`, `zellij`, or empty."""
    remote: bool = False
    """The terminal is at the other end of an SSH connection."""
    outer: str = ""
    """Name and version of the terminal around the multiplexer, when it passes questions on."""
    outer_kitty_graphics: bool = False
    """The terminal around the multiplexer answers kitty graphics."""
    colours: int = 0
    """Colours that text may have: 2, 16, 256 or 2**24; 0 when unknown."""
    colours_source: str = ""
    """Which answer or variable gave `colours`."""
    shared_memory: bool = False
    """Kitty graphics takes pixels from shared memory: the terminal read and removed what was offered there."""
    inline_images: bool = False
    """Pictures as files in an OSC 1337, JPEG among them. No question exists: known by name."""
    unread: bytes = b""
    """What the probe read beside whole answers: keys, and the beginning of an answer that came too late."""


class Graphics(Struct, frozen=True, kw_only=True):
    """The way pictures are shown."""

    kind: GraphicsKind
    why: str
    layered: bool = False
    """Pictures lie in layers of their own: text written over them does not erase them."""
    placeholders: bool = False
    """Pictures show at placeholder characters: a multiplexer passes them on as text."""
    covered_by_cells: bool = False
    """A cell with a background of its own hides the picture below it."""


class Fact(Struct, frozen=True):
    """A line of `tui-editor doctor`."""

    name: str
    value: str
    why: str


_COLOURS = {1 << 24: "16.7 million", 256: "256", 16: "16", 2: "none"}
_KITTY_VERSION = re.compile(r"kitty\((\d+)\.(\d+)")
_CELL_COVERS_SINCE = _PLACEHOLDERS_SINCE = (0, 28)
_LEAST_COLOURS = 256
"""Of text: the picture that a placeholder shows is told by its colour."""
_CELL_OWNED = ("wezterm", "xterm.js", "iterm2", "vscode")
"""Terminals that answer the kitty query but tie images to cells, so that layers don't work."""


_INLINE_NAMES = ("iterm2", "wezterm", "konsole", "mintty")
_INLINE_VARIABLES = (("TERM_PROGRAM", {"iTerm.app", "WezTerm", "mintty"}), ("LC_TERMINAL", {"iTerm2"}))


def takes_inline_images(name: str, env: Mapping[str, str], *, sixel: bool) -> bool:
    """Return whether a terminal shows pictures sent by OSC 1337, which nobody can ask.

    Args:
        name: As XTVERSION tells.
        env: The environment, for terminals that keep their name to themselves.
        sixel: The device attributes name sixel: xterm.js (VS Code) has either both, by its add-on, or neither.
    """
    lower = name.lower()
    if lower.startswith("xterm.js"):
        return sixel
    return lower.startswith(_INLINE_NAMES) or any(env.get(key) in values for key, values in _INLINE_VARIABLES)


def choose_graphics(terminal: Terminal, forced: str = "", by: str = "asked for") -> Graphics:
    """Return how pictures are shown on a terminal, and why.

    Args:
        terminal: What `probe` found.
        forced: `kitty`, `iterm2`, `sixel`, `cells` or `none`, as the user asked for; empty or `auto`: the best.
        by: Who forces it, for doctor.

    Raises:
        ValueError: `forced` names no way of showing pictures.
    """
    if forced and forced != "auto":
        return _made(GraphicsKind(forced), by, terminal)
    kind, why = _without_pixels(terminal) or _in_multiplexer(terminal) or _best(terminal)
    return _made(kind, why, terminal)


def facts(terminal: Terminal, graphics: Graphics) -> tuple[Fact, ...]:
    """Return everything found, a line each, for `tui-editor doctor`; harmless text."""
    t = terminal
    answered = f"all answers within {t.elapsed_ms:.0f} ms" if t.answered else "the last question was not answered"
    size = f"{t.cell_px[0]} × {t.cell_px[1]} px" if t.cell_px else "unknown"
    largest = f"at most {t.sixel_max_px[0]} × {t.sixel_max_px[1]} px" if t.sixel_max_px else "no limit told"
    registers = f"{t.sixel_colours} colours, {largest}" if t.sixel else "not among the device attributes (DA1)"
    return (
        Fact("terminal", one_line(t.name) or "unknown", "as XTVERSION tells" if t.name else "XTVERSION is unanswered"),
        Fact("TERM", one_line(t.term) or "unset", "from the environment"),
        Fact("answers", _yes(t.answered), answered if t.tty else "input or output is no terminal"),
        Fact("multiplexer", t.multiplexer or "none", "from TMUX, STY, ZELLIJ and XTVERSION"),
        Fact("outer terminal", one_line(t.outer) or "unknown", _outer(t)),
        Fact("size", f"{t.columns} × {t.rows} cells", "from the terminal line"),
        Fact("cell", size, t.cell_source or "neither the terminal line nor CSI 16 t tells"),
        Fact("kitty graphics", _yes(t.kitty_graphics), "answer to a=q"),
        Fact("shared memory", _yes(t.shared_memory), "answer to a=q,t=s, and the terminal took what was offered"),
        Fact("sixel", _yes(t.sixel), registers),
        Fact("inline images", _yes(t.inline_images), "OSC 1337; by the terminal's name, as no question exists"),
        Fact("colours of text", _COLOURS.get(t.colours, "unknown"), t.colours_source or "nobody tells"),
        Fact("synchronised output", _yes(t.sync), "mode 2026"),
        Fact("resize reports", _yes(t.in_band_resize), "mode 2048"),
        Fact("pointer in pixels", _yes(t.pixel_mouse), "mode 1016"),
        Fact("link", "SSH" if t.remote else "local", "from SSH_CONNECTION"),
        Fact("pictures", graphics.kind.value, graphics.why),
    )


def _outer(terminal: Terminal) -> str:
    if not terminal.multiplexer:
        return "there is no multiplexer"
    if not terminal.outer:
        return "asked through the multiplexer: no answer (in tmux: set -g allow-passthrough on)"
    drawn = "draws" if draws_placeholders(terminal) else "is not known to draw"
    return f"answers through {terminal.multiplexer}; {drawn} pictures at placeholders"


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _made(kind: GraphicsKind, why: str, terminal: Terminal) -> Graphics:
    if kind is not GraphicsKind.KITTY:
        return Graphics(kind=kind, why=why)
    if terminal.multiplexer:
        return Graphics(kind=kind, why=why, placeholders=True)
    if _keeps_pictures_in_cells(terminal):
        return Graphics(kind=kind, why=f"{why}; the terminal keeps pictures in cells")
    version = _KITTY_VERSION.match(terminal.name)
    covers = version is None or _numbers(version) >= _CELL_COVERS_SINCE
    return Graphics(kind=kind, why=why, layered=True, covered_by_cells=covers)


def _without_pixels(terminal: Terminal) -> tuple[GraphicsKind, str] | None:
    if not terminal.tty:
        return GraphicsKind.NONE, "input or output is not a terminal"
    if terminal.term in {"dumb", ""}:
        return GraphicsKind.NONE, f"TERM is {terminal.term or 'unset'}: no colours, no cursor addressing"
    if not terminal.answered and not (terminal.kitty_graphics or terminal.sixel):
        return GraphicsKind.CELLS, "the terminal did not answer in time; half-blocks need no answer"
    if terminal.cell_px is None and (terminal.kitty_graphics or terminal.sixel):
        return GraphicsKind.CELLS, "the size of a cell in pixels is unknown"
    return None


def _in_multiplexer(terminal: Terminal) -> tuple[GraphicsKind, str] | None:
    if not terminal.multiplexer:
        return None
    if draws_placeholders(terminal):
        return GraphicsKind.KITTY, f"{terminal.multiplexer} passes on to {one_line(terminal.outer)}, by placeholders"
    if terminal.sixel:
        return GraphicsKind.SIXEL, f"{terminal.multiplexer} passes sixel on"
    return GraphicsKind.CELLS, f"{terminal.multiplexer} keeps pictures from the terminal; half-blocks pass"


def _best(terminal: Terminal) -> tuple[GraphicsKind, str]:
    if terminal.kitty_graphics and not _keeps_pictures_in_cells(terminal):
        return GraphicsKind.KITTY, "the terminal answers kitty graphics and keeps layers"
    if terminal.inline_images:
        return GraphicsKind.ITERM2, "the terminal is known to take JPEG (OSC 1337)"
    if terminal.sixel:
        return GraphicsKind.SIXEL, "the device attributes name sixel"
    if terminal.kitty_graphics:
        return GraphicsKind.KITTY, "the terminal answers kitty graphics"
    return GraphicsKind.CELLS, "neither kitty graphics nor sixel was answered"


def draws_placeholders(terminal: Terminal) -> bool:
    """Return whether the terminal around the multiplexer shows pictures at placeholder characters."""
    name = terminal.outer.lower()
    version = _KITTY_VERSION.match(name)
    known = name.startswith("ghostty") or (version is not None and _numbers(version) >= _PLACEHOLDERS_SINCE)
    return terminal.outer_kitty_graphics and known and terminal.colours >= _LEAST_COLOURS


def _numbers(version: re.Match[str]) -> tuple[int, int]:
    return int(version[1]), int(version[2])


def _keeps_pictures_in_cells(terminal: Terminal) -> bool:
    return terminal.name.lower().startswith(_CELL_OWNED)
