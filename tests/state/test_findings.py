"""The list of findings: its order, what is searched for, where a finding that is gone stood."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.doctext import TASK, UNIT, document
from tui_editor.ports import Finding, Severity
from tui_editor.state.findings import (
    FindingFilter,
    FindingList,
    Found,
    FoundFilter,
    finding_list,
    in_place,
    is_blocking,
)

DOCUMENT = document("")
ERROR, WARNING, INFO = Severity


def made(**of: Any) -> Finding:
    return Finding(**of)


findings = st.builds(
    made,
    rule=st.sampled_from(["G04", "D01", "T02"]),
    severity=st.sampled_from(Severity),
    message=st.sampled_from(["a", "b"]),
    unit=st.sampled_from([UNIT, None]),
    frame=st.one_of(st.none(), st.integers(0, 5)),
    instance=st.one_of(st.none(), st.integers(1, 3)),
)


def listed(found: list[Finding], **wanted: object) -> FindingList:
    made = Found(document=DOCUMENT, findings=in_place(found, TASK), blocking=("G",), titles={"D01": "twins"})
    return finding_list(made, TASK, FindingFilter(**{"shown": FoundFilter.ALL, **wanted}))  # type: ignore[arg-type]  # of a test


@given(st.lists(findings, max_size=12), st.booleans())
def test_each_finding_has_a_row_at_which_it_stands(found: list[Finding], worst_first: bool) -> None:
    known = listed(found, worst_first=worst_first)
    assert sorted(map(repr, known.findings)) == sorted(map(repr, found))
    for finding in found:
        row = known.row(finding)
        assert row is not None
        assert known.findings[row] == finding


@given(st.lists(findings, min_size=1, max_size=12, unique=True), st.data(), st.booleans())
def test_behind_a_finding_that_is_gone_stand_those_that_stood_behind_it(
    found: list[Finding], data: st.DataObject, worst_first: bool
) -> None:
    gone = data.draw(st.sampled_from(found))
    whole = listed(found, worst_first=worst_first)
    left = listed([f for f in found if f != gone], worst_first=worst_first)
    behind = left.behind(gone)
    at = whole.findings.index(gone)
    alike = {repr(f) for f in whole.findings if whole.behind(f) == whole.behind(gone)}
    assert [f for f in left.findings[behind:] if repr(f) not in alike] == [
        f for f in whole.findings[at:] if repr(f) not in alike
    ]


def test_the_worst_come_first_where_that_is_wanted_else_those_of_the_first_frames() -> None:
    two = [
        Finding(rule="G04", severity=WARNING, message="", unit=UNIT, frame=1),
        Finding(rule="G01", severity=ERROR, message="", unit=UNIT, frame=9),
    ]
    assert [f.frame for f in listed(two).findings] == [1, 9]
    assert [f.frame for f in listed(two, worst_first=True).findings] == [9, 1]


@pytest.mark.parametrize(
    ("words", "rules"),
    [
        ("wide", ["G04"]),
        ("TWINS", ["D01"]),
        ("rule:d", ["D01"]),
        ("severity:warn", ["G04"]),
        ("object:car", ["D01"]),
        ("can:clip", ["G04"]),
        ("can:clip twins", []),
        ("", ["D01", "G04"]),
    ],
)
def test_words_narrow_the_list(words: str, rules: list[str]) -> None:
    found = [
        Finding(rule="G04", severity=WARNING, message="too Wide", unit=UNIT, frame=1, fix="clip"),
        Finding(rule="D01", severity=INFO, message="", unit=UNIT, frame=0, name="car (0)"),
    ]
    assert [f.rule for f in listed(found, words=words).findings] == rules


def test_infos_and_other_rules_never_block() -> None:
    found = [Finding(rule=r, severity=s, message="") for r, s in (("G04", WARNING), ("G15", INFO), ("D01", ERROR))]
    assert [f.rule for f in listed(found, shown=FoundFilter.BLOCKING).findings] == ["G04"]
    assert not is_blocking(found[0], ())
