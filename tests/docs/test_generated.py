"""The generated pages of the manual: fresh, whole, and true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tui_editor.checks.pages import checks_page
from tui_editor.checks.registry import BUILT_IN, load
from tui_editor.cli.pages import cli_page
from tui_editor.cli.parser import build_parser
from tui_editor.cli.table import VERBS
from tui_editor.commands.pages import code, commands_page, doc_of, key_rows, keys_page
from tui_editor.commands.table import TABLE
from tui_editor.state.view import Mode

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {"keys.md": keys_page, "commands.md": commands_page, "cli.md": cli_page, "checks.md": checks_page}


@pytest.mark.parametrize("name", PAGES)
def test_the_committed_page_is_what_the_program_says(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name](), "run `make pages`"


def test_every_command_of_the_shell_has_its_section_and_options() -> None:
    page = cli_page()
    _, parsers = build_parser(verb.name for verb in VERBS)

    assert re.findall(r"^## (.+)$", page, re.MULTILINE) == [verb.name for verb in VERBS]
    for parser in parsers.values():
        for action in parser._actions:
            assert all(option in page for option in action.option_strings if option not in {"-h", "--help"})


def test_every_key_is_in_the_page_of_its_mode() -> None:
    sections = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", keys_page(), re.MULTILINE | re.DOTALL))

    assert list(sections) == [*(mode.value.capitalize() for mode in Mode), "Presets"]
    for row in key_rows():
        section = sections[row.mode.value.capitalize()].replace("\\|", "|")
        assert code(row.keys.replace("<any>", "(any)")) in section
        assert row.command.title in section


def test_every_command_is_in_its_page_with_what_it_does() -> None:
    page = commands_page().replace("\\|", "|")

    assert [c.id for c in TABLE if f"`:{c.id}`" not in page or doc_of(c) not in page] == []
    assert "not built yet" in page  # what comes later says so


def test_every_rule_is_in_its_page() -> None:
    page = checks_page()

    assert [r.rule for r in load(BUILT_IN)[0] if f"| {r.rule} | {r.severity.value} | {r.title} |" not in page] == []


@pytest.mark.parametrize("name", PAGES)
def test_the_rows_of_a_table_have_the_same_number_of_columns(name: str) -> None:
    tables = re.findall(r"(?:^\|.*\n)+", PAGES[name](), re.MULTILINE)
    columns = [{len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()} for table in tables]

    assert columns
    assert [found for found in columns if len(found) != 1] == []


@pytest.mark.parametrize(("text", "span"), [("a", "`a`"), ("`", "`` ` ``")])
def test_a_code_span_holds_any_key(text: str, span: str) -> None:
    assert code(text) == span
