"""How many colours the text may have, and how that is known."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tui_editor.ui.terminal import replies

if TYPE_CHECKING:
    from collections.abc import Mapping

TRUE: Final = 1 << 24
ASKED: Final = "48;2;1;2;3"
"""The background that the probe sets before it asks which one is set."""
NAMES: Final = {"truecolor": TRUE, "256": 256, "16": 16}
"""As people write them in the configuration."""
_ECHO = re.compile(rb"48[:;]2[:;]{1,2}1[:;]2[:;]3")


def colours_of(answers: bytes, env: Mapping[str, str]) -> tuple[int, str]:
    """Return the number of colours, and how that is known.

    An answer of the terminal outweighs the environment, which does not come along over SSH.

    Args:
        answers: Everything that the terminal said to the probe.
        env: The environment.
    """
    if replies.field(answers, "rgb") is not None:
        return TRUE, "answer to XTGETTCAP RGB"
    told = replies.field(answers, "rendition")
    if told is not None and _ECHO.search(told[0]):
        return TRUE, "DECRQSS tells the colour that was set"
    if env.get("COLORTERM", "").lower() in {"truecolor", "24bit"}:
        return TRUE, "from COLORTERM"
    return _by_name(env.get("TERM", ""))


def _by_name(term: str) -> tuple[int, str]:
    if term.endswith("-direct"):
        return TRUE, "from TERM"
    if "256color" in term or term.startswith("xterm-kitty"):
        return 256, "from TERM"
    if term in {"", "dumb"} or term.startswith("vt"):
        return 2, "from TERM"
    return 16, "no answer and no variable tells of more"
