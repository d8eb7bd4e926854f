"""`tui-editor doctor`: tells what was found of the terminal and the installation, and why."""

from __future__ import annotations

import sys
from importlib import metadata
from typing import TYPE_CHECKING

from tui_editor.cli.options import add_json
from tui_editor.cli.output import note, print_json_list, print_table
from tui_editor.errors import ExitCode, StoreMissing, TuiEditorError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

Line = tuple[str, str, str]
"""What it is, what was found, and how that is known."""

LIBRARIES = (
    "textual", "rich", "numpy", "pillow", "textual-image", "shapely", "av", "simplejpeg", "isal", "msgspec", "apsw",
    "opencv-contrib-python-headless", "rpds-py",
)  # fmt: skip
DEADLINE_S = 5.0
"""Patience with the terminal: this command is for those that are odd, and what comes later is typed into the shell."""
OPENCV = (
    "opencv-python", "opencv-python-headless", "opencv-contrib-python", "opencv-contrib-python-headless",
)  # fmt: skip
"""The wheels that all install the module cv2, one over the other."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the facts, and tell what should be mended."""
    lines = [*_terminal(arguments.graphics), *_installation(), *_places(arguments)]
    if arguments.json:
        print_json_list({"name": name, "value": value, "why": why} for name, value, why in lines)
    else:
        print_table(("WHAT", "FOUND", "HOW IT IS KNOWN"), lines)
    for warning in _warnings():
        note(f"warning: {warning}")
    return ExitCode.OK


def _terminal(forced: str) -> Iterator[Line]:
    from tui_editor.ui.terminal.facts import facts
    from tui_editor.ui.terminal.probe import probe
    from tui_editor.ui.terminal.settled import settled

    for fact in facts(*settled(probe(deadline_s=DEADLINE_S), forced)):
        yield fact.name, fact.value, fact.why
    yield "encoding", sys.stdout.encoding or "unknown", "of the output"


def _installation() -> Iterator[Line]:
    from tui_editor import __version__

    yield "tui-editor", __version__, "this program"
    yield "Python", sys.version.split()[0], sys.executable
    for name in LIBRARIES:
        version = _version(name)
        yield name, version or "missing", "installed" if version else "install tui-editor again"
    yield "SQLite", _sqlite(), "apsw's own"


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _sqlite() -> str:
    try:
        import apsw
    except ImportError:
        return "missing"
    return str(apsw.sqlite_lib_version())


def _places(arguments: argparse.Namespace) -> Iterator[Line]:
    from tui_editor.api.config import config_file
    from tui_editor.cli.crash import log_file
    from tui_editor.cli.places import data_folder, project_of
    from tui_editor.ui.terminal.stray import stray_file

    yield "configuration", str(config_file()), "read" if config_file().exists() else "none there"
    yield "your data", str(data_folder()), "demo, and projects of single files"
    yield "error log", str(log_file()), "details of unexpected errors" if log_file().exists() else "none yet"
    said = "what libraries write to stderr while the editor runs" if stray_file().exists() else "none yet"
    yield "library log", str(stray_file()), said
    try:
        with project_of(arguments) as project:
            yield "project", project.info.name, str(project.folder)
    except StoreMissing:
        yield "project", "none", "in this folder or above it"
    except TuiEditorError as error:
        yield "project", "can't be opened", str(error)


def _warnings() -> Iterator[str]:
    from tui_editor.checks.registry import warnings as check_warnings
    from tui_editor.formats.registry import registry
    from tui_editor.media.registry import plugins

    wheels = [name for name in OPENCV if _version(name)]
    if len(wheels) > 1:
        yield f"several OpenCV wheels overwrite each other: {', '.join(wheels)}; keep opencv-contrib-python-headless"
    if (sys.stdout.encoding or "").lower().replace("-", "") != "utf8":
        yield "the output is not UTF-8: set LANG to a UTF-8 locale"
    registry().formats()
    yield from registry().warnings
    yield from plugins()[1]
    yield from check_warnings()
