"""A tmux that is attached again from another terminal: pictures are sent anew, in the way that terminal shows them."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_editor.ui.terminal.facts import choose_graphics
from tui_editor.ui.terminal.tmux import ask_clients, attached_since, server_files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tui_editor.ui.terminal.facts import Graphics, Terminal
    from tui_editor.ui.terminal.tmux import Client

_TRIES = 6
"""So many looks a terminal may take to tell its name."""
_UNTOLD_LOOKS = 10
"""After so many looks tmux is asked where nothing tells of a terminal that took the place of another."""
_DRAW_AT_PLACEHOLDERS = ("kitty", "ghostty")


class Reattachment:
    """Notices that another terminal is around tmux, also one more beside the first. Without tmux it rests.

    Args:
        terminal: As it was probed.
        graphics: As they were chosen for it. What the person chose stays, and is only sent anew.
        answer: Brings what a thread found to the event loop.
        changed: Told of the terminal that is there now and its graphics; they may be those of before.
        env: The environment.
    """

    def __init__(
        self,
        terminal: Terminal,
        graphics: Graphics,
        answer: Callable[[Callable[[], None]], None],
        changed: Callable[[Terminal, Graphics], None],
        env: Mapping[str, str] = os.environ,
    ) -> None:
        self._terminal, self._answer, self._changed, self._env = terminal, answer, changed, env
        self._rests = terminal.multiplexer != "tmux"
        self._chosen = graphics if graphics != choose_graphics(terminal) else None
        self._since = 0
        self._files: frozenset[str] = frozenset()
        self._looks = 0
        self._clients: tuple[Client, ...] = ()
        self._asking = self._again = False
        self._nameless = 0
        """How often one who is there now had no name yet."""

    def look(self) -> None:
        """See whether somebody attached since the last look; called a few times a second."""
        if self._rests:
            return
        before, self._since = (self._since, self._files), attached_since(self._env)
        self._files, self._looks = server_files(self._env), self._looks + 1
        untold = not self._files and self._looks % _UNTOLD_LOOKS == 0
        if (self._since and (self._since, self._files) != before) or self._nameless or untold:
            self.ask()

    def ask(self) -> None:
        """Ask tmux who is there, on a thread: at the beginning, after somebody attached, and after a resize."""
        self._again = self._asking
        if not self._rests and not self._asking:
            self._asking = True
            threading.Thread(target=self._ask, name="tmux", daemon=True).start()

    def _ask(self) -> None:
        clients = ask_clients(self._env)
        self._answer(lambda: self._found(clients))

    def _found(self, clients: tuple[Client, ...]) -> None:
        self._asking = False
        if self._again:  # somebody may have attached since tmux answered
            self.ask()
        if not clients:
            return
        self._clients = (
            self._clients or clients
        )  # who was there at the beginning, also where they go before they are named
        if self._nameless < _TRIES and not all(c.name for c in clients):  # a terminal answers tmux a little later
            self._nameless += 1
            return
        self._nameless = 0
        before, self._clients = {c.key for c in self._clients}, clients
        if before != {c.key for c in clients}:
            self._terminal = _around(self._terminal, clients)
            self._changed(self._terminal, self._chosen or choose_graphics(self._terminal))


def _around(terminal: Terminal, clients: tuple[Client, ...]) -> Terminal:
    """Return what is known of the terminals around tmux: pictures go the way that all of them can show."""
    less = [c.name for c in clients if not c.name.lower().startswith(_DRAW_AT_PLACEHOLDERS)]
    return replace(terminal, outer=(less or [c.name for c in clients])[0], outer_kitty_graphics=not less)
