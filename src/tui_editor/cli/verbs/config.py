"""`tui-editor config`: shows your own settings with where each value comes from, and changes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.cli.options import add_json
from tui_editor.cli.output import note, out, print_json, print_table
from tui_editor.errors import ExitCode, StoreMissing, UsageError
from tui_editor.text import one_line

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("name", nargs="?", default="", metavar="NAME", help="a key of the file; all when absent")
    parser.add_argument("value", nargs="?", metavar="VALUE", help="the new value")
    parser.add_argument("--unset", action="store_true", help="leave the key out of your file: the default holds again")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Change a setting, or print it, or all."""
    from tui_editor.api.config import KEYS, config_file, load_config, with_defaults
    from tui_editor.api.config_edit import set_setting

    name, value = arguments.name, arguments.value
    if name and name not in {key.name for key in KEYS}:
        raise UsageError(f"there is no setting {one_line(name)}", hint=", ".join(key.name for key in KEYS))
    if arguments.unset and (not name or value is not None):
        raise UsageError("--unset takes the name of a setting and no value")
    if value is not None or arguments.unset:
        set_setting(name, "" if arguments.unset else value)
    config = with_defaults(load_config(), _defaults(arguments))
    shown = [key for key in KEYS if not name or key.name == name]
    if arguments.json:
        print_json({k.name: {"value": getattr(config, k.name), "source": config.source(k.name)} for k in shown})
    elif name:
        out(getattr(config, name))
    else:
        print_table(
            ("SETTING", "VALUE", "SOURCE", "MEANING"),
            ((k.name, getattr(config, k.name), config.source(k.name), k.doc.replace("`", "")) for k in shown),
        )
        note(f"your file: {config_file()}")
    return ExitCode.OK


def _defaults(arguments: argparse.Namespace) -> object:
    """Return what the project of this folder, or the one that is named, gives to settings; nothing without one."""
    from tui_editor.api.project_settings import DEFAULTS
    from tui_editor.cli.places import project_of

    try:
        with project_of(arguments) as project:
            return project.info.settings.get(DEFAULTS)
    except StoreMissing:
        if arguments.project:
            raise
        return None
