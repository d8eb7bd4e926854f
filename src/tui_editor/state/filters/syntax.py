"""How a filter is written: words, fields with values, quotation marks; from text to terms and back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import field as column
from typing import Final

from tui_editor.errors import FilterInvalid
from tui_editor.text import one_line

NAME: Final = "name"
"""The field of a word without a field: it is looked for in the instance's name."""
COMPARED: Final = ("<=", ">=", "<", ">")
FIELDS: Final = {
    "class": "NAME",
    "score": "<0.5",
    "state": "pending|approved|rejected|resolved|reopened",
    "track": "gap|jump|short|single",
    "issue": "open|none|resolved",
    "author": "LOGIN",
    "text": "WORD",
    "frames": "100-200",
    "unit": "TITLE",
    "shape": "box|polygon|…",
    "origin": "manual|interpolated|tracked|segmented|imported",
    "attr": "NAME=ANSWER",
    "occluded": "yes|no",
    "outside": "yes|no",
    "key": "yes|no",
}
"""Every field, and what its value looks like."""
ALIASES: Final = {"confidence": "score", "α": "score", "frame": "frames", "attribute": "attr"}
NUMBERS: Final = frozenset({"score", "frames", "attr"})
"""Fields that can be compared with < and >."""
MOST_CHARACTERS: Final = 1000

_FIELD: Final = re.compile(r"([^\W\d]\w*)(<=|>=|[:<>=])")
_OPERATOR: Final = re.compile(r"<=|>=|[:<>=]")
_PLAIN: Final = re.compile(r"[\w.()+*%·|]([\w.()+*%·|-])*")
_PLAIN_VALUE: Final = re.compile(r"[\w.()+*%·|:-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value of a term; `start` and `stop` tell where it stands in the text."""

    text: str
    pattern: bool = False
    """It was written between slashes: a regular expression."""
    start: int = column(default=0, compare=False)
    stop: int = column(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One condition; a filter lets through what meets all of them."""

    field: str
    operator: str = ":"
    values: tuple[Value, ...] = ()
    """Any of them will do; none: whatever the field has."""
    negated: bool = False
    attribute: str = ""
    """Whose answer is asked for, of the field `attr`."""
    start: int = column(default=0, compare=False)
    stop: int = column(default=0, compare=False)


def wrong(what: str, start: int, stop: int, hint: str = "") -> FilterInvalid:
    """Return the error of the characters start..stop-1."""
    return FilterInvalid(one_line(what), start=start, stop=max(stop, start + 1), hint=one_line(hint))


def read_terms(text: str) -> tuple[Term, ...]:
    """Return the terms of a filter; none of an empty text.

    Raises:
        FilterInvalid: the text is no filter; the error tells the place and what may stand there.
    """
    if len(text) > MOST_CHARACTERS:
        raise wrong(f"a filter has at most {MOST_CHARACTERS} characters", MOST_CHARACTERS, len(text))
    reader = _Reader(text)
    terms: list[Term] = []
    while reader.skip_blanks():
        terms.append(reader.term())
    return tuple(terms)


def first_value(text: str) -> tuple[str, int]:
    """Return the first value of a text (`van`, `"big van"`) and where it ends; nothing of an empty one.

    Raises:
        FilterInvalid: a quotation mark is not closed.
    """
    reader = _Reader(text)
    return (reader.value("").text, reader.at) if reader.skip_blanks() else ("", len(text))


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def skip_blanks(self) -> bool:
        """Go to the next term; return whether there is one."""
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        return self.at < len(self.text)

    def term(self) -> Term:
        start = self.at
        negated = self.text[self.at] in "-!" and not self._blank(self.at + 1)
        self.at += negated
        found = _FIELD.match(self.text, self.at)
        if found is None:
            return self._done(Term(field=NAME, values=self._values(), negated=negated), start)
        name = ALIASES.get(found[1].lower(), found[1].lower())
        if name not in FIELDS:
            raise wrong(
                f"{found[1]} is no field",
                self.at,
                found.end(1),
                f"{', '.join(FIELDS)}; in quotation marks it is looked for in names",
            )
        self.at = found.end(1)
        attribute = self._attribute(found[2]) if name == "attr" else ""
        operator = self._operator(name)
        values = self._values() if operator else ()
        made = Term(field=name, operator=operator or ":", values=values, negated=negated, attribute=attribute)
        return self._done(made, start)

    def _done(self, term: Term, start: int) -> Term:
        if not self._blank(self.at):
            raise wrong(f"{self.text[self.at]} can't stand here", self.at, self.at + 1, "a blank ends a condition")
        return Term(
            field=term.field,
            operator=term.operator,
            values=term.values,
            negated=term.negated,
            attribute=term.attribute,
            start=start,
            stop=self.at,
        )

    def _blank(self, at: int) -> bool:
        return at >= len(self.text) or self.text[at].isspace()

    def _attribute(self, operator: str) -> str:
        """Read the name after `attr:`."""
        if operator != ":":
            raise wrong("attr takes the name of an attribute", self.at, self.at + 1, "attr:NAME or attr:NAME=ANSWER")
        self.at += 1
        return self.value(stops=",<>=").text

    def _operator(self, name: str) -> str:
        found = _OPERATOR.match(self.text, self.at)
        if found is None:
            return ""
        if found[0] in COMPARED and name not in NUMBERS:
            raise wrong(f"{name} is not compared by size", found.start(), found.end(), f"{name}:{FIELDS[name]}")
        self.at = found.end()
        return ":" if found[0] == "=" else found[0]

    def _values(self) -> tuple[Value, ...]:
        values = [self.value(stops=",")]
        while self.text[self.at : self.at + 1] == ",":
            self.at += 1
            values.append(self.value(stops=","))
        return tuple(values)

    def value(self, stops: str) -> Value:
        """Read a word, or what stands between two marks; a word ends at a blank or one of the `stops`."""
        start, mark = self.at, self.text[self.at : self.at + 1]
        if mark in {'"', "/"} and mark:
            written = self._enclosed(mark)
            return Value(text=written, pattern=mark == "/", start=start, stop=self.at)
        while not self._blank(self.at) and self.text[self.at] not in stops:
            self.at += 1
        if self.at == start:
            raise wrong("a value is missing here", start, start + 1, 'a word, "several words" or /an expression/')
        return Value(text=self.text[start : self.at], start=start, stop=self.at)

    def _enclosed(self, mark: str) -> str:
        """Read what stands between two marks; a backslash before a mark makes it a part of the text."""
        start = self.at
        pieces: list[str] = []
        self.at += 1
        while self.at < len(self.text):
            character, after = self.text[self.at], self.text[self.at + 1 : self.at + 2]
            if character == mark:
                self.at += 1
                return "".join(pieces)
            if character == "\\" and after:
                # in an expression a backslash says something of any other character as well
                character = after if after == mark or mark == '"' else character + after
                self.at += 1
            pieces.append(character)
            self.at += 1
        raise wrong(f"the {mark} that is opened here is not closed", start, len(self.text))


def written(terms: tuple[Term, ...]) -> str:
    """Return terms as text that `read_terms` reads as the same terms."""
    return " ".join(map(_written_term, terms))


def _written_term(term: Term) -> str:
    minus = "-" if term.negated else ""
    if term.field == NAME:
        return minus + ",".join(_written_value(v, _PLAIN) for v in term.values)
    head = f"{minus}{term.field}"
    if term.field == "attr":
        head += ":" + _written_value(Value(text=term.attribute), _PLAIN)
        if not term.values:
            return head
    operator = "=" if term.field == "attr" and term.operator == ":" else term.operator
    return head + operator + ",".join(_written_value(v, _PLAIN_VALUE) for v in term.values)


def _written_value(value: Value, plain: re.Pattern[str]) -> str:
    if value.pattern:
        return "/" + value.text.replace("/", "\\/") + "/"
    return value.text if plain.fullmatch(value.text) else quoted(value.text)


def quoted(text: str) -> str:
    """Return a text in quotation marks."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def value_text(text: str) -> str:
    """Return a value as it is written after a field: in quotation marks where it needs them."""
    return _written_value(Value(text=text), _PLAIN_VALUE)
