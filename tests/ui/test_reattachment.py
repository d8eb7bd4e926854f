"""Another terminal around tmux is noticed, asked for its name, and shown pictures in its own way."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from tui_editor.ui import reattach
from tui_editor.ui.reattach import Reattachment
from tui_editor.ui.terminal.facts import Graphics, GraphicsKind, Terminal, choose_graphics
from tui_editor.ui.terminal.tmux import Client, attached_since

if TYPE_CHECKING:
    from pathlib import Path

IN_KITTY = Terminal(
    term="tmux-256color",
    multiplexer="tmux",
    answered=True,
    cell_px=(8, 16),
    colours=1 << 24,
    outer="kitty(0.40.0)",
    outer_kitty_graphics=True,
)


class Tmux:
    """What tmux tells, and what followed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, graphics: Graphics | None = None) -> None:
        self.since, self.client = 1, Client("kitty(0.40.0)", "1 pts/0")
        self.asked = 0
        self.changed: list[GraphicsKind] = []
        monkeypatch.setattr(reattach, "attached_since", lambda _: self.since)
        monkeypatch.setattr(reattach, "ask_client", self._ask)
        monkeypatch.setattr("threading.Thread.start", lambda thread: thread.run())
        self.window = Reattachment(
            IN_KITTY,
            graphics or choose_graphics(IN_KITTY),
            lambda then: then(),
            lambda _, chosen: self.changed.append(chosen.kind),
        )

    def _ask(self, _: object) -> Client | None:
        self.asked += 1
        return self.client

    def attach(self, name: str, since: int) -> None:
        self.since, self.client = since, Client(name, f"{since} pts/1")


def test_where_nobody_else_attached_tmux_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    tmux = Tmux(monkeypatch)
    for _ in range(5):
        tmux.window.look()
    assert (tmux.asked, tmux.changed) == (1, [])


def test_another_terminal_is_shown_pictures_in_its_way_and_the_first_one_again_in_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tmux = Tmux(monkeypatch)
    tmux.window.look()
    tmux.attach("XTerm(379)", 2)
    tmux.window.look()
    tmux.attach("kitty(0.40.0)", 3)
    tmux.window.look()
    assert tmux.changed == [GraphicsKind.CELLS, GraphicsKind.KITTY]


def test_a_terminal_that_tells_its_name_late_is_asked_again_and_one_that_never_does_gets_half_blocks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tmux = Tmux(monkeypatch)
    tmux.window.look()
    tmux.attach("", 2)
    tmux.window.look()
    assert tmux.changed == []
    for _ in range(10):
        tmux.window.look()
    assert tmux.changed == [GraphicsKind.CELLS]


def test_another_one_that_attaches_while_the_first_is_there_is_noticed_by_its_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tmux = Tmux(monkeypatch)
    tmux.window.look()
    tmux.attach("XTerm(379)", 1)
    tmux.client = replace_since(tmux.client, "9 pts/2")
    tmux.window.ask()
    assert tmux.changed == [GraphicsKind.CELLS]


def replace_since(client: Client, since: str) -> Client:
    return client._replace(since=since)


def test_graphics_that_the_person_chose_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    tmux = Tmux(monkeypatch, choose_graphics(IN_KITTY, "sixel"))
    tmux.window.look()
    tmux.window.ask()
    assert tmux.asked == 0


def test_outside_of_tmux_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reattach, "ask_client", lambda _: pytest.fail("asked"))
    alone = replace(IN_KITTY, multiplexer="")
    Reattachment(alone, choose_graphics(alone), lambda then: then(), lambda *_: None).ask()


def test_the_socket_tells_whether_somebody_is_attached(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        path.chmod(0o600)
        assert attached_since({"TMUX": f"{path},1,0"}) == 0
        path.chmod(0o700)
        assert attached_since({"TMUX": f"{path},1,0"}) > 0
    assert attached_since({}) == attached_since({"TMUX": str(tmp_path / "gone")}) == 0
