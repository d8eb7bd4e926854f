"""Finding the checks, ours and those of plug-ins."""

from __future__ import annotations

from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.checks.support import CLIP, PROJECT, Pixels
from tests.support import strategies

from tui_editor.checks.registry import BUILT_IN, checks, load, warnings
from tui_editor.model.ids import TaskId
from tui_editor.model.project import Task
from tui_editor.ports import CheckContext, Severity

if TYPE_CHECKING:
    from tui_editor.model.document import LabelDocument

RULES = [check.rule for check in load(BUILT_IN)[0]]


def test_the_checks_are_there_by_rule() -> None:
    assert [check.rule for check in checks()] == RULES == sorted(RULES)
    assert list(warnings()) == []


def test_every_check_says_what_is_wrong_in_one_line() -> None:
    assert [c.rule for c in checks() if not c.title or "\n" in c.title or c.title.endswith(".")] == []


@pytest.fixture
def plug_in(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    import sys

    module = ModuleType("made_up_checks")
    monkeypatch.setitem(sys.modules, "made_up_checks", module)
    return module


def test_a_plug_in_adds_its_rules(plug_in: ModuleType) -> None:
    mine = SimpleNamespace(rule="Z01", title="x", severity=Severity.INFO, run=lambda context: iter(()))
    plug_in.RULES = [mine]  # type: ignore[attr-defined]  # a module made for the test
    found, said = load({**BUILT_IN, "mine": "made_up_checks:RULES"})

    assert found[-1] is mine
    assert said == ()


@pytest.mark.parametrize(
    "place", ["no.such.module:RULES", "made_up_checks:GONE", "made_up_checks:BAD", "made_up_checks"]
)
def test_a_broken_plug_in_is_a_warning(plug_in: ModuleType, place: str) -> None:
    plug_in.BAD = [SimpleNamespace(rule="\x1b")]  # type: ignore[attr-defined]  # a module made for the test
    found, said = load({**BUILT_IN, "evil\x1b": place})

    assert len(found) == len(load(BUILT_IN)[0])
    assert len(said) == 1
    assert said[0].startswith("the checks evil␛ can't be loaded")


def test_a_rule_that_is_there_already_is_a_warning(plug_in: ModuleType) -> None:
    again = SimpleNamespace(rule="G01", title="x", severity=Severity.INFO, run=None)
    plug_in.RULES = [again]  # type: ignore[attr-defined]  # a module made for the test
    found, said = load({**BUILT_IN, "late": "made_up_checks:RULES"})

    assert again not in found
    assert said == ("the rule G01 of late is there already",)


@given(strategies.documents())
def test_every_document_can_be_checked_twice_with_one_answer(document: LabelDocument) -> None:
    task = Task(id=TaskId(3), title="clip", units=(CLIP,))

    def run() -> list[object]:
        context = CheckContext(project=PROJECT, task=task, document=document, source=lambda unit: Pixels())
        return [finding for check in checks() for finding in check.run(context)]

    assert run() == run()


@given(st.text())
def test_no_finding_holds_a_control_character(name: str) -> None:
    from msgspec.structs import replace
    from tests.checks.support import found, one

    from tui_editor.model.shapes import Box

    unit = replace(CLIP, title=name, media=replace(CLIP.media, root=name))
    labels = one(Box(-99, 0, 1, 0), class_id=name or "x", source_id=name)
    said = "".join(f.message for rule in RULES for f in found(rule, labels, units=(unit, unit)))

    assert [c for c in said if ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0] == []
