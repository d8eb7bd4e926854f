"""Another terminal around tmux is noticed, asked for its name, and shown pictures in its own way."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from tui_editor.ui import reattach
from tui_editor.ui.reattach import Reattachment
from tui_editor.ui.terminal.facts import Graphics, GraphicsKind, Terminal, choose_graphics
from tui_editor.ui.terminal.tmux import Client, attached_since, server_files

if TYPE_CHECKING:
    from threading import Thread

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
        self.since, self.files = 1, frozenset("5")
        self.clients: tuple[Client, ...] = (Client("kitty(0.40.0)", "1 pts/0"),)
        self.asked = 0
        self.changed: list[GraphicsKind] = []
        monkeypatch.setattr(reattach, "attached_since", lambda _: self.since)
        monkeypatch.setattr(reattach, "server_files", lambda _: self.files)
        monkeypatch.setattr(reattach, "ask_clients", self._ask)
        monkeypatch.setattr("threading.Thread.start", lambda thread: thread.run())
        self.window = Reattachment(
            IN_KITTY,
            graphics or choose_graphics(IN_KITTY),
            lambda then: then(),
            lambda _, chosen: self.changed.append(chosen.kind),
        )

    def _ask(self, _: object) -> tuple[Client, ...]:
        self.asked += 1
        return self.clients

    def attach(self, name: str, since: int) -> None:
        """Attach a terminal where none is."""
        self.since, self.clients = since, (Client(name, f"{since} pts/1"),)

    def replace(self, name: str) -> None:
        """Attach a terminal that takes the place of another: `tmux attach -d`."""
        self.files, self.clients = frozenset("7"), (Client(name, "9 pts/2"),)

    def join(self, name: str) -> None:
        """Attach a terminal beside the one that is there."""
        self.files, self.clients = self.files | {"7"}, (*self.clients, Client(name, "9 pts/2"))

    def go(self) -> None:
        """Take away the one that joined."""
        self.files, self.clients = self.files - {"7"}, self.clients[:1]


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


def test_one_that_goes_before_it_told_its_name_is_known_by_its_process(monkeypatch: pytest.MonkeyPatch) -> None:
    tmux = Tmux(monkeypatch)
    tmux.clients = (Client("", "1 7001"),)
    tmux.window.look()
    tmux.attach("XTerm(379)", 2)
    tmux.window.look()
    assert tmux.changed == [GraphicsKind.CELLS]


def test_one_of_the_same_size_that_takes_the_place_of_another_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    tmux = Tmux(monkeypatch)
    tmux.window.look()
    tmux.replace("XTerm(379)")
    tmux.window.look()
    tmux.window.look()
    assert (tmux.asked, tmux.changed) == (2, [GraphicsKind.CELLS])


def test_beside_a_terminal_that_shows_less_pictures_go_its_way_until_it_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    tmux = Tmux(monkeypatch)
    tmux.window.look()
    tmux.join("XTerm(379)")
    tmux.window.look()
    tmux.go()
    tmux.window.look()
    assert tmux.changed == [GraphicsKind.CELLS, GraphicsKind.KITTY]


def test_one_that_attaches_while_tmux_is_asked_is_not_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    tmux = Tmux(monkeypatch)
    tmux.window.look()
    started: list[Thread] = []
    monkeypatch.setattr("threading.Thread.start", lambda thread: started.append(thread))  # noqa: PLW0108  a method
    tmux.window.ask()
    answer, tmux.clients = tmux.clients, (Client("XTerm(379)", "9 pts/2"),)
    tmux.files = frozenset("7")
    tmux.window.look()
    tmux.window._found(answer)
    started[-1].run()
    assert (len(started), tmux.changed) == (2, [GraphicsKind.CELLS])


def test_where_the_machine_tells_nothing_of_the_server_tmux_is_asked_now_and_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tmux = Tmux(monkeypatch)
    tmux.files = frozenset()
    tmux.window.look()
    tmux.clients = (Client("XTerm(379)", "9 pts/2"),)
    for _ in range(20):
        tmux.window.look()
    assert (tmux.asked, tmux.changed) == (3, [GraphicsKind.CELLS])


def test_graphics_that_the_person_chose_stay_and_are_sent_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    tmux = Tmux(monkeypatch, choose_graphics(IN_KITTY, "sixel"))
    tmux.window.look()
    tmux.attach("XTerm(379)", 2)
    tmux.window.look()
    assert tmux.changed == [GraphicsKind.SIXEL]


def test_outside_of_tmux_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reattach, "ask_clients", lambda _: pytest.fail("asked"))
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


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="this machine doesn't tell of open files")
def test_the_servers_open_files_tell_of_a_terminal_that_takes_the_place_of_another() -> None:
    env = {"TMUX": f"/socket,{os.getpid()},0"}
    before = server_files(env)
    with socket.socket():
        assert server_files(env) > before


def test_without_tmux_no_server_has_open_files() -> None:
    assert server_files({}) == server_files({"TMUX": "odd"}) == server_files({"TMUX": "x,-1,0"}) == frozenset()
