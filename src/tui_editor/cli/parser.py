"""The command line's grammar: global options, and each command's own from its module."""

from __future__ import annotations

import argparse
import re
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn, Protocol

from tui_editor import __version__
from tui_editor.cli.table import VERBS, Verb
from tui_editor.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

GRAPHICS = ("auto", "kitty", "iterm2", "sixel", "cells", "none")
PRESETS = ("default", "cvat", "labelimg", "encord")
DESCRIPTION = """Review and correct annotations of images and video in the terminal.

Without a command: the queue of the project in this folder or above it."""
EPILOG = """examples:
  tui-editor demo                     look at the program with data of its own
  tui-editor open photos/             open a folder of pictures
  tui-editor check labels.json        find faults in labels

exit codes: 0 done, 1 findings or refused, 2 wrong use, 3 bad input, 4 the store is locked or out of reach,
130 interrupted. `tui-editor COMMAND --help` tells more."""


_NO_COMMAND = re.compile(r"argument COMMAND: invalid choice: '(.*?)'")
_OTHER_WORDS = {
    "claim": "next",
    "convert": "export",
    "edit": "open",
    "history": "log",
    "label": "open",
    "lint": "check",
    "list": "tasks",
    "ls": "tasks",
    "queue": "tasks",
    "review": "open --review",
    "stages": "workflow",
    "start": "next",
    "submit": "open",
    "team": "members",
    "unassign": "release",
    "validate": "check",
    "view": "open",
}
"""What people call commands elsewhere."""


class VerbModule(Protocol):
    """What a module of `cli.verbs` offers."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's own options."""

    def run(self, arguments: argparse.Namespace) -> int:
        """Do the command; return the exit code."""


class ShellParser(argparse.ArgumentParser):
    """Raises what is wrong with the command line as an error of ours."""

    def error(self, message: str) -> NoReturn:
        """Raise `UsageError`."""
        if unknown := _NO_COMMAND.match(message):
            raise UsageError(f"there is no command {unknown[1]}", hint=_instead_of(unknown[1]))
        raise UsageError(message, hint=f"see {self.prog} --help")


def _instead_of(word: str) -> str:
    """Return what to do instead of a command that there is not."""
    from difflib import get_close_matches

    near = [_OTHER_WORDS[word]] if word in _OTHER_WORDS else get_close_matches(word, [verb.name for verb in VERBS], 2)
    all_ = "tui-editor --help lists them all"
    return f"did you mean {' or '.join(near)}? {all_}" if near else all_


def module_of(verb: Verb) -> VerbModule:
    """Import a command's module."""
    module: VerbModule = import_module(f"tui_editor.cli.verbs.{verb.module}")
    return module


def build_parser(filled: Iterable[str], listed: Iterable[Verb] = VERBS) -> tuple[ShellParser, dict[str, ShellParser]]:
    """Return the parser and those of the commands by name.

    Args:
        filled: The commands whose options are wanted: their modules are imported. The others are only listed.
        listed: The commands that there are.
    """
    parser = ShellParser(
        prog="tui-editor",
        description=DESCRIPTION,
        epilog=EPILOG,
        parents=[_shared()],  # options of its own: its defaults below would become the commands' too
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"tui-editor {__version__}")
    parser.set_defaults(project="", graphics="", preset="", verb="")
    # its name is told: argparse would measure the terminal to find it out
    commands = parser.add_subparsers(
        title="commands", metavar="COMMAND", dest="verb", parser_class=ShellParser, prog=parser.prog
    )
    wanted, shared = set(filled), _shared()
    return parser, {verb.name: _command(commands, verb, shared, fill=verb.name in wanted) for verb in listed}


def _command(
    commands: argparse._SubParsersAction[ShellParser], verb: Verb, shared: ShellParser, *, fill: bool
) -> ShellParser:
    parser = commands.add_parser(
        verb.name,
        help=verb.summary,
        description=verb.summary[0].upper() + verb.summary[1:] + ".",
        epilog="\n".join(("example:" if len(verb.examples) == 1 else "examples:", *(f"  {e}" for e in verb.examples))),
        parents=[shared],
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    if fill:
        module_of(verb).add_arguments(parser)
    return parser


def _shared() -> ShellParser:
    """Return the options that work before and after the command's name."""
    shared = ShellParser(add_help=False, allow_abbrev=False)
    # Suppressed: a command's default must not override what was given before its name.
    shared.add_argument(
        "--project",
        metavar="P",
        default=argparse.SUPPRESS,
        help="folder of the project; else the one in or above this folder",
    )
    shared.add_argument(
        "--graphics",
        choices=GRAPHICS,
        default=argparse.SUPPRESS,
        help="how pictures are shown; else what the terminal does best",
    )
    shared.add_argument(
        "--preset",
        choices=PRESETS,
        default=argparse.SUPPRESS,
        help="keys of another editor; else what the configuration says",
    )
    return shared
