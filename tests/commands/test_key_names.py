"""Messages name commands, not keys: whoever binds keys anew is told theirs."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import tui_editor
from tui_editor.commands.keymap import read_aloud
from tui_editor.commands.table import TABLE, by_id

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path(tui_editor.__file__).parent
FOLDERS = ("commands", "edits", "state", "tools", "model", "ui")
CALLS = {"tell", "Refused", "UsageError", "InvalidShape", "OntologyError", "confirm", "NoRows", "_say"}
NAMED_ARGUMENTS = {"hint", "doc", "text"}
FIXED = re.compile(
    r"Space ticks|Escape stops|Enter or a letter runs a button, Escape leaves|Escape stays bound"
    r"|Enter (?:changes|lists|binds|goes there)|Escape leads back"
)
"""What lists, boards, the toolbar and work that goes on take can't be bound to other keys."""
MENTION = re.compile(r"‹([^›]*)›")


def spoken_keys() -> set[str]:
    """Return the keys of the table as a message would name them: sequences, signs, and keys with a name."""
    sequences = {read_aloud(key.keys) for command in TABLE for key in command.keys if "<any>" not in key.keys}
    return sequences | {key.keys for command in TABLE for key in command.keys if "<any>" not in key.keys}


NAMES = frozenset({"Enter", "Escape", "Tab", "Shift+Tab", "Backspace"})
"""Keys that no word begins with, but at the start of a sentence."""
VERBS = (
    "takes|changes|deletes|merges|fills|extends|goes|pastes|copies|shows|ends|leaves|picks|selects|labels|draws|begins|answers|"
    "stops|keeps|types|nudges?|zooms?|sets|moves?|edits|makes|brings|opens|plays|records|on another frame"
)


def faults(text: str) -> list[str]:
    """Return the keys that a message names by themselves."""
    plain = FIXED.sub("", MENTION.sub("", text))
    found = [word for word in re.findall(r"[A-Z][a-z]+(?:\+[A-Z][a-z]+)?", plain) if word in NAMES]
    found += re.findall(rf"\b(Space) (?:{VERBS})\b", plain)
    for key in spoken_keys() - {"a", "up", "end", "tab"}:  # these are words as well
        if len(key) <= 3:
            found += re.findall(rf"(?:^|[\s(,:;])({re.escape(key)}) (?:{VERBS})\b", plain)
    return found


def messages() -> Iterator[tuple[str, str]]:
    """Yield (where, text) of what the code tells people."""
    for folder in FOLDERS:
        for path in sorted((SOURCE / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call):
                    yield from ((f"{path.name}:{node.lineno}", text) for text in _told_by(node))


def _told_by(call: ast.Call) -> Iterator[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in CALLS:
        for argument in call.args:
            yield from _texts(argument)
    for keyword in call.keywords:
        if keyword.arg in NAMED_ARGUMENTS:
            yield from _texts(keyword.value)


def _texts(node: ast.expr) -> Iterator[str]:
    """Yield the texts of an expression, those between the values of an f-string as one."""
    if isinstance(node, ast.JoinedStr):
        yield "".join(part.value if isinstance(part, ast.Constant) else "…" for part in node.values)  # type: ignore[misc]
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.BinOp):
        yield from (*_texts(node.left), *_texts(node.right))
    elif isinstance(node, ast.IfExp):
        yield from (*_texts(node.body), *_texts(node.orelse))


def test_no_message_names_a_key_by_itself() -> None:
    found = [f"{where}: {text!r} names {keys}" for where, text in messages() if (keys := faults(text))]
    assert found == []


def test_every_command_that_a_message_names_is_there() -> None:
    named = {name: where for where, text in messages() for name in MENTION.findall(text)}
    assert len(named) > 20
    assert {name: where for name, where in named.items() if name not in by_id()} == {}


@pytest.mark.parametrize("command", TABLE, ids=lambda c: c.id)
def test_the_text_of_a_command_names_no_key_by_itself(command: object) -> None:
    assert faults(command.doc) == []  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "text",
    [
        "press it: T m merges them",
        "Enter sets it",
        "y y copies",
        "; shows them",
        "u takes it back",
        "} goes on",
        "Escape leaves",
    ],
)
def test_a_key_in_a_message_is_found(text: str) -> None:
    assert faults(text)


def test_words_that_are_keys_as_well_are_no_fault() -> None:
    assert faults("a label makes the end, ‹edit.undo› takes it back; Space ticks them") == []
