"""Regular expressions in linear time: they find what `re` finds, and nothing makes them take long."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_editor.state.filters.pattern import MOST_STATES, Pattern, PatternInvalid, _Met

atoms = st.sampled_from(["a", "b", "A", ".", "[ab]", "[^a]", r"\d", r"\w", r"\.", r"\S", "^", "$", "-", "[]x]"])
plain = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]}|{pair[1]})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "{0,1}", "{1,}", "*?"])).map(
            lambda pair: f"(?:{pair[0]}){pair[1]}"
        ),
    ),
    max_leaves=6,
)


@given(plain, st.text(alphabet="abAB.1-]x ", max_size=12))
def test_it_finds_what_re_finds(expression: str, text: str) -> None:
    assert Pattern(expression).found(text) == (re.search(expression, text, re.IGNORECASE) is not None)


def refusal(expression: str) -> PatternInvalid | None:
    try:
        Pattern(expression).found("some text")
    except PatternInvalid as error:
        return error
    return None


@given(st.text(max_size=40) | st.text(alphabet="ab()[]|*+?{}1,^$\\-:", max_size=40))
def test_any_text_is_an_expression_or_refused_at_a_place_within_it(expression: str) -> None:
    error = refusal(expression)
    assert error is None or 0 <= error.at <= len(expression)


@pytest.mark.parametrize(
    "expression", ["(a+)+c", "(a|a)*c", "(a*)*c", "a*a*a*a*a*a*a*c", "(.*)*c", "(a|b)*a(a|b){12}c"]
)
def test_the_steps_of_a_search_grow_with_the_text_and_the_expression_alone(expression: str) -> None:
    pattern = Pattern(expression)
    looked: list[int] = []
    after = pattern._after

    def watched(now: _Met, character: str) -> _Met:
        looked.append(len(now.states))
        return after(now, character)

    pattern._after = watched  # type: ignore[method-assign]
    assert not pattern.found("ab" * 150)
    assert len(looked) <= 300
    assert max(looked) <= MOST_STATES


@pytest.mark.parametrize(
    ("expression", "at", "message"),
    [
        ("a(b", 1, "not closed"),
        ("a)", 1, "no group"),
        ("[a", 0, "not closed"),
        ("*", 0, "nothing to repeat"),
        ("(?=a)", 0, "not known"),
        (r"\b", 0, "not known"),
        ("\\", 0, "not known"),
        ("a{3,2}", 1, "no number of times"),
        ("((a{100}){100}){100}", 3, "too large"),
        ("[b-a]", 0, "no set"),
        ("(" * 30 + ")" * 30, 20, "too deep"),
        ("a" * 201, 200, "at most 200"),
    ],
)
def test_what_is_no_expression_is_refused(expression: str, at: int, message: str) -> None:
    with pytest.raises(PatternInvalid, match=message) as caught:
        Pattern(expression)
    assert caught.value.at == at
