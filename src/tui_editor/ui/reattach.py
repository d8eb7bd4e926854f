"""A tmux that is attached again from another terminal: pictures are sent anew, in the way that terminal shows them."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_editor.ui.terminal.facts import choose_graphics
from tui_editor.ui.terminal.tmux import Client, ask_client, attached_since

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tui_editor.ui.terminal.facts import Graphics, Terminal

_TRIES = 6
"""So many looks a terminal may take to tell its name."""
_DRAW_AT_PLACEHOLDERS = ("kitty", "ghostty")


class Reattachment:
    """Notices that another terminal is around tmux. Without tmux, or where the person chose the graphics, it rests.

    Args:
        terminal: As it was probed.
        graphics: As they were chosen for it.
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
        self._rests = terminal.multiplexer != "tmux" or graphics != choose_graphics(terminal)
        self._since = 0
        self._client: Client | None = None
        self._asking = False
        self._nameless = 0
        """How often who is there now had no name yet."""

    def look(self) -> None:
        """See whether somebody attached since the last look; called a few times a second."""
        if self._rests:
            return
        before, self._since = self._since, attached_since(self._env)
        if (self._since and self._since != before) or self._nameless:
            self.ask()

    def ask(self) -> None:
        """Ask tmux who is there, on a thread: at the beginning, after somebody attached, and after a resize."""
        if not self._rests and not self._asking:
            self._asking = True
            threading.Thread(target=self._ask, name="tmux", daemon=True).start()

    def _ask(self) -> None:
        client = ask_client(self._env)
        self._answer(lambda: self._found(client))

    def _found(self, client: Client | None) -> None:
        self._asking = False
        if client is None:
            return
        if not client.name and self._nameless < _TRIES:  # the terminal answers tmux a little later
            self._nameless += 1
            return
        self._nameless = 0
        before, self._client = self._client, client
        if before is not None and client.since != before.since:
            draws = client.name.lower().startswith(_DRAW_AT_PLACEHOLDERS)
            self._terminal = replace(self._terminal, outer=client.name, outer_kitty_graphics=draws)
            self._changed(self._terminal, choose_graphics(self._terminal))
