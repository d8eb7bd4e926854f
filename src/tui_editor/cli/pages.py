"""The manual's page of the command line, from the parsers themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.cli.parser import ShellParser, build_parser
from tui_editor.cli.table import VERBS
from tui_editor.errors import ExitCode

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from tui_editor.cli.table import Verb

_CODES = {
    ExitCode.OK: "done, or nothing found",
    ExitCode.FINDINGS: "findings, differences, or refused by a rule of the project",
    ExitCode.USAGE: "wrong use",
    ExitCode.BAD_INPUT: "bad input",
    ExitCode.STORE: "the store is locked or out of reach",
    ExitCode.INTERRUPTED: "interrupted",
}
_INTRODUCTION = (
    "Data goes to stdout, narration to stderr. `tui-editor` alone shows the queue of the project in this folder or "
    "above it; without a project it says what to type. Everywhere: `--project P` names the project's folder, "
    "`--graphics auto|kitty|iterm2|sixel|cells|none` how pictures are shown, "
    "`--preset default|cvat|labelimg|encord` whose keys."
)


def cli_page() -> str:
    """Return the page in Markdown."""
    _, parsers = build_parser(verb.name for verb in VERBS)
    lines = [
        "# Command line",
        "",
        "<!-- Generated from the commands by `make pages`. -->",
        "",
        _INTRODUCTION,
        "",
        "| Exit code | Meaning |",
        "| --- | --- |",
        *(f"| {code.value} | {_CODES[code]} |" for code in ExitCode),
    ]
    for verb in VERBS:
        lines += ["", *_section(verb, parsers[verb.name])]
    return "\n".join(lines) + "\n"


def _section(verb: Verb, parser: ShellParser) -> Iterator[str]:
    yield f"## {verb.name}"
    yield ""
    yield f"{verb.summary[0].upper()}{verb.summary[1:]}."
    yield ""
    yield "```console"
    yield from (f"$ {example}" for example in verb.examples)
    yield "```"
    options = [a for a in parser._actions if a.dest not in {"help", "project", "graphics", "preset"}]  # noqa: SLF001 - argparse has no public list of its options
    if options:
        yield ""
        yield "| Option | Meaning |"
        yield "| --- | --- |"
        yield from (f"| `{_usage(action)}` | {_text(action)} |" for action in options)


def _usage(action: argparse.Action) -> str:
    if isinstance(action.metavar, str):
        value = action.metavar
    else:
        value = "\\|".join(map(str, action.choices)) if action.choices else action.dest.upper()
    takes_none = action.nargs == 0
    if not action.option_strings:
        return f"[{value}]" if action.nargs == "?" else value
    return ", ".join(action.option_strings) + ("" if takes_none else f" {value}")


def _text(action: argparse.Action) -> str:
    required = " (required)" if action.required and action.option_strings else ""
    return f"{(action.help or '').replace('|', chr(92) + '|')}{required}"
