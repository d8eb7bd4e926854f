r"""Regular expressions in linear time: what a person types must not be able to hang the editor.

`re` takes exponential time for `(a+)+b`. These are simulated as a set of states (K. Thompson, "Regular expression
search algorithm", CACM 11, 1968), remembered as they are met: a text costs at most its length times the size of the
expression. Understood are literals, `.`, `[…]`, `\d \w \s \D \W \S`, `^`, `$`, groups, `|`, `*`, `+`, `?` and `{m,n}`;
case is ignored.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from msgspec import Struct, field

from tui_editor.errors import UsageError

MOST_CHARACTERS: Final = 200
"""Of an expression."""
MOST_STATES: Final = 400
MOST_TEXT: Final = 300
"""Characters of a text that are looked at."""
MOST_MET: Final = 2000
"""Sets of states that are remembered."""
MOST_REPEATS: Final = 100
MOST_DEPTH: Final = 20

_REPEATS: Final = re.compile(r"\{(\d{1,3})(?:(,)(\d{0,3}))?\}")
_CLASS: Final = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_KINDS: Final = "dwsDWS"
_ACCEPT, _START, _END, _SPLIT, _CHARACTER = range(5)


class PatternInvalid(UsageError):
    """A regular expression can't be read, or is too large; `at` is the character."""

    def __init__(self, what: str, at: int) -> None:
        super().__init__(what, hint="known are . [a-z] \\d \\w \\s ^ $ ( | ) * + ? {2,5}")
        self.at = at


class _State(Struct):
    """A step of the machine: consumes a character (`test`), or leads on at once."""

    kind: int
    test: str | re.Pattern[str] | None = None
    nexts: list[int] = field(default_factory=list)


class _Met(Struct, eq=False):
    """States that the machine is in at once, and those that each character led to from there."""

    states: frozenset[int]
    fits: bool
    """The expression fits what was read."""
    nexts: dict[str, _Met] = field(default_factory=dict)
    fits_at_end: bool | None = None
    """Whether it does when the text ends here; None: nobody asked yet."""


class Pattern:
    """An expression that is looked for anywhere in a text.

    Raises:
        PatternInvalid: it can't be read, or is too large.
    """

    def __init__(self, text: str) -> None:
        self._states, self._begin = _Compiler(text).machine()
        self._again = self._closure([self._begin], at_start=False)
        self._forget()

    def _forget(self) -> None:
        """Forget all sets of states that were met but the first."""
        self._met: dict[frozenset[int], _Met] = {}
        self._first = self._known(self._closure([self._begin], at_start=True))

    def _known(self, states: frozenset[int]) -> _Met:
        found = self._met.get(states)
        if found is None:
            found = self._met[states] = _Met(states, fits=0 in states)
        return found

    def found(self, text: str) -> bool:
        """Return whether the expression fits a part of the text."""
        now = self._first
        if now.fits:
            return True
        for character in text[:MOST_TEXT].lower():
            after = now.nexts.get(character)
            if after is None:
                after = self._after(now, character)
            if after.fits:
                return True
            now = after
        if not text:
            return 0 in self._closure(now.states, at_start=True, at_end=True)
        if now.fits_at_end is None:
            now.fits_at_end = 0 in self._closure(now.states, at_start=False, at_end=True)
        return now.fits_at_end

    def _after(self, now: _Met, character: str) -> _Met:
        if len(self._met) > MOST_MET:
            self._forget()
        reached = [
            after
            for state in (self._states[n] for n in now.states)
            if state.kind == _CHARACTER and _fits(state.test, character)
            for after in state.nexts
        ]
        found = now.nexts[character] = self._known(self._closure(reached, at_start=False) | self._again)
        return found

    def _closure(self, wanted: list[int] | frozenset[int], *, at_start: bool, at_end: bool = False) -> frozenset[int]:
        """Return the states that are reached without a character; an end is passed only where the text ends."""
        found: set[int] = set()
        waiting = list(wanted)
        while waiting:
            number = waiting.pop()
            if number in found:
                continue
            found.add(number)
            state = self._states[number]
            if state.kind == _SPLIT or (state.kind == _START and at_start) or (state.kind == _END and at_end):
                waiting += state.nexts
        return frozenset(found)


def _fits(test: str | re.Pattern[str] | None, character: str) -> bool:
    if test is None:
        return True
    if isinstance(test, str):
        return test == character
    return test.match(character) is not None


class _Compiler:
    """Reads an expression and makes its machine at once; a fragment is its first state and the states to go on from."""

    def __init__(self, text: str) -> None:
        if len(text) > MOST_CHARACTERS:
            raise PatternInvalid(f"an expression has at most {MOST_CHARACTERS} characters", MOST_CHARACTERS)
        self._text, self._at, self._depth = text, 0, 0
        self._states = [_State(_ACCEPT)]

    def machine(self) -> tuple[list[_State], int]:
        first, ends = self._alternatives()
        if self._at < len(self._text):
            raise PatternInvalid("there is no group that ) ends", self._at)
        self._join(ends, 0)
        return self._states, first

    def _new(self, kind: int, test: str | re.Pattern[str] | None = None) -> int:
        if len(self._states) >= MOST_STATES:
            raise PatternInvalid("the expression is too large", self._at)
        self._states.append(_State(kind, test))
        return len(self._states) - 1

    def _join(self, ends: list[int], target: int) -> None:
        for end in ends:
            self._states[end].nexts.append(target)

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _alternatives(self) -> tuple[int, list[int]]:
        first, ends = self._sequence()
        while self._peek() == "|":
            self._at += 1
            other, other_ends = self._sequence()
            split = self._new(_SPLIT)
            self._states[split].nexts = [first, other]
            first, ends = split, ends + other_ends
        return first, ends

    def _sequence(self) -> tuple[int, list[int]]:
        first = self._new(_SPLIT)
        ends = [first]
        while self._peek() and self._peek() not in "|)":
            after, after_ends = self._repeated()
            self._join(ends, after)
            ends = after_ends
        return first, ends

    def _repeated(self) -> tuple[int, list[int]]:
        begun = self._at
        made = self._atom()
        least, most = self._repeats()
        if (least, most) == (1, 1):
            return made
        behind = self._at
        first = self._new(_SPLIT)
        ends, copies = [first], 0
        while copies < least or (most is not None and copies < most):
            made = self._again(begun) if copies else made
            ends = self._once(made, ends, optional=copies >= least)
            copies += 1
        if most is None:
            ends = self._loop(self._again(begun) if copies else made, ends)
        self._at = behind
        return first, ends

    def _again(self, begun: int) -> tuple[int, list[int]]:
        """Read the same atom once more: another copy of its states."""
        self._at = begun
        return self._atom()

    def _once(self, made: tuple[int, list[int]], ends: list[int], *, optional: bool) -> list[int]:
        self._join(ends, made[0])
        return [*made[1], *ends] if optional else made[1]

    def _loop(self, made: tuple[int, list[int]], ends: list[int]) -> list[int]:
        turn = self._new(_SPLIT)
        self._states[turn].nexts = [made[0]]
        self._join(ends, turn)
        self._join(made[1], turn)
        return [turn]

    def _repeats(self) -> tuple[int, int | None]:
        """Read what follows an atom; return how often it stands at least and at most."""
        sign = self._peek()
        found = _REPEATS.match(self._text, self._at)
        if sign and sign in "*+?":
            self._at += 1
            least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
        elif found is not None:
            least = int(found[1])
            most = least if not found[2] else int(found[3]) if found[3] else None
            if max(least, most or 0) > MOST_REPEATS or (most is not None and most < least):
                raise PatternInvalid(f"{found[0]} is no number of times up to {MOST_REPEATS}", self._at)
            self._at = found.end()
        else:
            return 1, 1
        if self._peek() == "?":  # how greedy it is makes no difference to whether it fits
            self._at += 1
        if self._peek() and self._peek() in "*+?":
            raise PatternInvalid("there is nothing to repeat", self._at)
        return least, most

    def _atom(self) -> tuple[int, list[int]]:
        character = self._peek()
        if character == "(":
            return self._group()
        if character in {"*", "+", "?"}:
            raise PatternInvalid("there is nothing to repeat", self._at)
        if character in {"^", "$"}:
            self._at += 1
            made = self._new(_START if character == "^" else _END)
        else:
            made = self._new(_CHARACTER, self._test(character))
        return made, [made]

    def _group(self) -> tuple[int, list[int]]:
        begun = self._at
        self._at += 1
        if self._text.startswith("?:", self._at):
            self._at += 2
        elif self._peek() == "?":
            raise PatternInvalid("groups that begin with (? are not known", begun)
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise PatternInvalid("groups are nested too deep", begun)
        made = self._alternatives()
        self._depth -= 1
        if self._peek() != ")":
            raise PatternInvalid("the ( is not closed", begun)
        self._at += 1
        return made

    def _test(self, character: str) -> str | re.Pattern[str] | None:
        """Read one character or kind of characters."""
        if character == "[":
            return self._set()
        begun, escaped = self._at, character == "\\"
        self._at += 2 if escaped else 1
        if not escaped:
            return None if character == "." else character.lower()
        character = self._text[begun + 1 : begun + 2]
        if character and character in _KINDS:
            return re.compile(f"\\{character}")
        if not character or character.isalnum():
            raise PatternInvalid(f"\\{character} is not known", begun)
        return character.lower()

    def _set(self) -> re.Pattern[str]:
        found = _CLASS.match(self._text, self._at)
        if found is None:
            raise PatternInvalid("the [ is not closed", self._at)
        begun, self._at = self._at, found.end()
        return _compiled_set(found[0], begun)


@lru_cache(maxsize=64)
def _compiled_set(text: str, at: int) -> re.Pattern[str]:
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what may mean something else one day
            return re.compile(text, re.IGNORECASE)
    except re.error as error:
        raise PatternInvalid(f"{text} is no set of characters", at) from error
