"""Asking a person at the terminal before something is done."""

from __future__ import annotations

import sys

from tui_editor.cli.output import is_interactive
from tui_editor.errors import Refused
from tui_editor.text import one_line


def agreed(question: str, *, yes: bool) -> bool:
    """Return whether the person agrees; `yes` does so beforehand.

    Raises:
        Refused: nobody sits at a terminal who could be asked.
    """
    if yes:
        return True
    if not is_interactive():
        raise Refused("nothing was done: nobody can be asked here", hint="--yes does it, --preview only shows it")
    sys.stderr.write(f"{one_line(question)} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().casefold() in {"y", "yes"}
