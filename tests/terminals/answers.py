"""What a terminal replies to the queries in a byte stream; no process, no pty."""

from __future__ import annotations

import base64
import dataclasses
import re
from dataclasses import dataclass, field
from pathlib import Path

_QUERY = re.compile(
    rb"\x1b\[(?P<private>[?>=<]?)(?P<params>[0-9;:]*)(?P<final>\$?[@-~])"
    rb"|\x1b\](?P<osc>1[01]);\?(?:\x07|\x1b\\)"
    rb"|\x1b_G(?P<kitty>[^\x1b]*)\x1b\\"
    rb"|\x1bPtmux;(?P<through>(?:[^\x1b]|\x1b\x1b)*)\x1b\\"
    rb"|\x1bP(?P<dcs>(?:\+q|\$q)[^\x1b]*)\x1b\\"
)
_UNFINISHED = re.compile(
    rb"\x1b(?:\[[?>=<]?[0-9;:]*\$?|\][01;?]{0,4}\x1b?|_(?:G[^\x1b]{0,8192}\x1b?)?"
    rb"|P(?:[+$]q?[^\x1b]{0,64}\x1b?|t(?:[^\x1b]|\x1b\x1b){0,16384}\x1b?)?)?\Z"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalKind:
    """How a terminal answers.

    Attributes:
        name: What XTVERSION says; empty when it stays silent.
        da1: The parameters of the primary device attributes; 4 among them means sixel.
        kitty_graphics: Whether kitty graphics commands are answered.
        modes: DEC private modes that DECRQM reports as known (and reset).
        answers_decrqm: False for terminals that stay silent on DECRQM, as Konsole 22.12 does.
        answers_pixels: Whether CSI 14 t and 16 t are answered; xterm does not by default.
        sixel_px: The largest sixel (width, height) that XTSMGRAPHICS tells; None when it stays silent.
        truecolor: Whether DECRQSS tells the 24-bit colour that was set; XTGETTCAP knows no RGB, as in kitty 0.26.
        shares_memory: Whether kitty graphics reads shared memory; otherwise it answers with an error.
        outer: The terminal around it, when it is a tmux that passes everything on.
        term: The value of TERM.
    """

    name: str
    da1: str
    kitty_graphics: bool = False
    modes: frozenset[int] = frozenset()
    answers_decrqm: bool = True
    answers_pixels: bool = True
    sixel_px: tuple[int, int] | None = None
    truecolor: bool = True
    shares_memory: bool = False
    outer: TerminalKind | None = None
    term: str = "xterm-256color"


KITTY = TerminalKind(
    name="kitty(0.40.0)", da1="62", kitty_graphics=True, modes=frozenset({1016, 2026, 2048}), term="xterm-kitty"
)
SIXEL = TerminalKind(
    name="XTerm(379)", da1="62;4;22", modes=frozenset({1016}), answers_pixels=False, sixel_px=(2000, 2000)
)
PLAIN = TerminalKind(name="", da1="62;22", answers_decrqm=False, answers_pixels=False, truecolor=False)


TMUX = TerminalKind(
    name="tmux 3.4", da1="1;2", answers_decrqm=False, answers_pixels=False, truecolor=False, term="tmux-256color"
)
TMUX_IN_KITTY = dataclasses.replace(TMUX, outer=KITTY)


@dataclass(slots=True, kw_only=True)
class Geometry:
    """The size of a terminal: cells, and pixels of one cell as (width, height)."""

    columns: int = 160
    rows: int = 45
    cell_px: tuple[int, int] = (8, 16)

    @property
    def size_px(self) -> tuple[int, int]:
        return self.columns * self.cell_px[0], self.rows * self.cell_px[1]


@dataclass(slots=True, kw_only=True)
class Answerer:
    """Reads what a program writes and makes the replies, in order; remembers which private modes are set."""

    kind: TerminalKind
    geometry: Geometry
    set_modes: set[int] = field(default_factory=set)
    _pending: bytes = b""
    _background: bytes = b""
    _outer: Answerer | None = None
    _upload: dict[bytes, bytes] = field(default_factory=dict)

    def feed(self, data: bytes) -> bytes:
        """Return the bytes that the terminal sends back for `data`; a query may be cut between two calls."""
        stream = self._pending + data
        replies = []
        end = 0
        for match in _QUERY.finditer(stream):
            end = match.end()
            replies.append(self._reply(match))
        unfinished = _UNFINISHED.search(stream, end)
        self._pending = unfinished[0] if unfinished else b""
        return b"".join(replies)

    def in_band_size(self) -> bytes:
        """Return the report of mode 2048 when the program asked for it, else nothing."""
        if 2048 not in self.set_modes:
            return b""
        width, height = self.geometry.size_px
        return b"\x1b[48;%d;%d;%d;%dt" % (self.geometry.rows, self.geometry.columns, height, width)

    def _reply(self, match: re.Match[bytes]) -> bytes:
        if match["kitty"] is not None:
            return self._reply_kitty(match["kitty"])
        if match["through"] is not None:
            return self._around(match["through"].replace(b"\x1b\x1b", b"\x1b"))
        if match["dcs"] is not None:
            return self._reply_dcs(match["dcs"])
        if match["osc"] is not None:
            colour = b"ffff/ffff/ffff" if match["osc"] == b"10" else b"0000/0000/0000"
            return b"\x1b]%s;rgb:%s\x1b\\" % (match["osc"], colour)
        return self._reply_csi(match["private"], match["params"], match["final"])

    def _around(self, data: bytes) -> bytes:
        """Return what the terminal around this one replies; a tmux that passes nothing on has none."""
        if self.kind.outer is None:
            return b""
        self._outer = self._outer or Answerer(kind=self.kind.outer, geometry=self.geometry)
        return self._outer.feed(data)

    def _reply_dcs(self, query: bytes) -> bytes:
        if query.startswith(b"+q"):
            return b"\x1bP0+r%s\x1b\\" % query[2:]
        known = query == b"$qm" and self.kind.truecolor
        return b"\x1bP1$r0;%sm\x1b\\" % self._background.replace(b";", b":") if known else b""

    def _reply_csi(self, private: bytes, params: bytes, final: bytes) -> bytes:
        if private == b"" and final == b"m":
            self._background = params if params.startswith(b"48") else b""
        if private == b"":
            return self._reply_report(params + final)
        if private == b">":
            return self._reply_identity(final)
        if private == b"?":
            return self._reply_private(params, final)
        return b""

    def _reply_report(self, query: bytes) -> bytes:
        width, height = self.geometry.size_px
        pixels = {
            b"14t": b"\x1b[4;%d;%dt" % (height, width),
            b"16t": b"\x1b[6;%d;%dt" % (self.geometry.cell_px[1], self.geometry.cell_px[0]),
        }
        if query in pixels:
            return pixels[query] if self.kind.answers_pixels else b""
        da1 = b"\x1b[?%sc" % self.kind.da1.encode()
        known = {
            b"c": da1,
            b"0c": da1,
            b"5n": b"\x1b[0n",
            b"6n": b"\x1b[1;1R",
            b"18t": b"\x1b[8;%d;%dt" % (self.geometry.rows, self.geometry.columns),
        }
        return known.get(query, b"")

    def _reply_identity(self, final: bytes) -> bytes:
        if final == b"q" and self.kind.name:
            return b"\x1bP>|%s\x1b\\" % self.kind.name.encode()
        return b"\x1b[>1;4000;29c" if final == b"c" else b""

    def _reply_private(self, params: bytes, final: bytes) -> bytes:
        numbers = [int(number) for number in params.split(b";") if number.isdigit()]
        if final == b"h":
            self.set_modes.update(numbers)
        elif final == b"l":
            self.set_modes.difference_update(numbers)
        elif final == b"$p" and self.kind.answers_decrqm:
            known = self.kind.modes
            state = 0 if numbers[0] not in known else 1 if numbers[0] in self.set_modes else 2
            return b"\x1b[?%d;%d$y" % (numbers[0], state)
        elif final == b"S" and self.kind.sixel_px is not None:
            value = b"%d;%d" % self.kind.sixel_px if numbers[0] == 2 else b"256"
            return b"\x1b[?%d;0;%sS" % (numbers[0], value)
        elif final == b"u" and self.kind.kitty_graphics:
            return b"\x1b[?0u"
        return b""

    def _reply_kitty(self, command: bytes) -> bytes:
        """Reply as kitty does: once for each complete upload that names its picture and isn't told to be quiet."""
        if not self.kind.kitty_graphics:
            return b""
        control, _, payload = command.partition(b";")
        keys = dict(pair.split(b"=", 1) for pair in control.split(b",") if b"=" in pair)
        more = keys.get(b"m") == b"1"
        self._upload = {**self._upload, **keys} if self._upload else keys
        if more:
            return b""
        upload, self._upload = self._upload, {}
        silent = upload.get(b"q", b"0") != b"0" or upload.get(b"a") == b"d" or b"i" not in upload
        readable = upload.get(b"t") != b"s" or self._read_shared(payload)
        if silent:
            return b""
        return b"\x1b_Gi=%s;%s\x1b\\" % (upload[b"i"], b"OK" if readable else b"ENOTSUPPORTED:")

    def _read_shared(self, name: bytes) -> bool:
        """Read a shared memory object, and remove it as the protocol wants."""
        if not self.kind.shares_memory:
            return False
        (Path("/dev/shm") / base64.b64decode(name).decode().strip("/")).unlink()
        return True
