"""No rule without its cases: what the table of checks must hold."""

from __future__ import annotations

from tests.api import test_checking
from tests.checks.test_table import TABLE
from tests.cli import test_check_reports

from tui_editor.checks.registry import BUILT_IN, load

ELSEWHERE = {
    "S01": (
        "test_when_nothing_can_be_read_the_exit_code_says_so",
        "test_a_folder_of_pictures_of_several_sizes_is_sound",
    ),
    "C01": ("test_c01_tells_what_is_not_read_back", "test_c01_and_c02_leave_what_the_format_holds"),
    "C02": ("test_c02_tells_what_a_format_cannot_hold", "test_c01_and_c02_leave_what_the_format_holds"),
}
"""Rules whose findings are made where files are read and written: the test that finds, the test that leaves."""
SEVERITIES = {
    "error": "S01 S02 S03 S04 S05 S06 S09 M01 M02 M03 M05 G01 G03 G05 G06 G07 G14 O01 O02 O03 O04 O06 O09 T01 T16 "
    "W01 W02 L01 L02 E01 E02 E03 E15 C01 C02",
    "info": "M06 G15 D02 D06 O07 T11 W06 X01 X02 X03 X04 X05 X06 X07 E13",
}
"""Of the rules; the others are warnings. Baselines, CI jobs and people know rules by id and severity."""


def test_every_rule_has_a_case_that_it_finds_and_one_that_it_leaves() -> None:
    assert sorted({*TABLE, *ELSEWHERE}) == [check.rule for check in load(BUILT_IN)[0]]
    assert not set(TABLE) & set(ELSEWHERE)


def test_the_cases_that_stand_elsewhere_are_there() -> None:
    there = {*vars(test_checking), *vars(test_check_reports)}
    assert [name for pair in ELSEWHERE.values() for name in pair if name not in there] == []


def test_severities_stay_what_they_were() -> None:
    said = {rule: severity for severity, rules in SEVERITIES.items() for rule in rules.split()}

    assert {c.rule: c.severity.value for c in load(BUILT_IN)[0]} == dict.fromkeys(
        [*TABLE, *ELSEWHERE], "warning"
    ) | said


def test_every_rule_says_what_to_do_and_what_it_reads() -> None:
    assert [check.rule for check in load(BUILT_IN)[0] if not getattr(check, "hint", "")] == []
