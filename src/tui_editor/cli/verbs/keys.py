"""`tui-editor keys`: prints the keys as they are with a preset and the configuration, and what is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.cli.options import add_json
from tui_editor.cli.output import complain, print_json_list, print_table
from tui_editor.errors import ExitCode

if TYPE_CHECKING:
    import argparse

_NAMES = "browse review reason edit draw jump tool adjust turbo labels issues findings queue"
MODES = tuple(_NAMES.split())


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("--mode", choices=MODES, help="only the keys of this mode")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print mode, keys and command of each key."""
    from tui_editor.api.config import load_config
    from tui_editor.commands.pages import doc_of, key_rows, shown
    from tui_editor.commands.presets import keymap_for
    from tui_editor.state.view import Mode

    keymap = keymap_for(arguments.preset, load_config().keys)
    rows = key_rows(Mode(arguments.mode) if arguments.mode else None, keymap)
    if arguments.json:
        print_json_list(
            {"mode": r.mode.value, "keys": r.keys, "command": r.command.id, "title": r.command.title} for r in rows
        )
    else:
        cells = ((r.mode.value, shown(r.keys), r.command.title, doc_of(r.command)) for r in rows)
        print_table(("MODE", "KEYS", "COMMAND", "WHAT IT DOES"), cells)
    for problem in keymap.problems:
        complain(problem)
    return ExitCode.FINDINGS if keymap.problems else ExitCode.OK
