"""Findings as JUnit XML: a test suite for each rule, a test case for each finding."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from tui_editor.cli.reports.report import harmless, place_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tui_editor.cli.reports.report import About
    from tui_editor.ports import Finding


def report(findings: Iterable[Finding], about: About) -> Iterator[str]:
    """Yield the document: errors and warnings are failures, infos pass; a rule without findings is a case that passes.

    The numbers of a suite stand before its cases, so all findings are held until the last one came.
    """
    by_rule: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_rule[finding.rule].append(finding)
    titles = {check.rule: check.title for check in about.rules}
    rules = sorted({*titles, *by_rule})
    total = sum(max(len(by_rule.get(rule, ())), 1) for rule in rules)
    failed = sum(_fails(f) for found in by_rule.values() for f in found)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<testsuites name="tui-editor check" tests="{total}" failures="{failed}" errors="0">\n'
    for rule in rules:
        yield from _suite(rule, titles.get(rule, rule), by_rule.get(rule, []))
    yield "</testsuites>\n"


def _fails(finding: Finding) -> bool:
    return finding.severity.value != "info"


def _suite(rule: str, title: str, found: list[Finding]) -> Iterator[str]:
    failures = sum(map(_fails, found))
    name = _attribute(f"{rule} {title}")
    yield f'  <testsuite name={name} tests="{max(len(found), 1)}" failures="{failures}" errors="0" skipped="0">\n'
    if not found:
        yield f'    <testcase name={_attribute(title)} classname="{rule}" time="0"/>\n'
    for finding in found:
        head = f'    <testcase name={_attribute(place_of(finding) or rule)} classname="{rule}" time="0"'
        if _fails(finding):
            said = _attribute(finding.message)
            yield f'{head}>\n      <failure type="{finding.severity.value}" message={said}/>\n    </testcase>\n'
        else:
            yield f"{head}/>\n"
    yield "  </testsuite>\n"


def _attribute(text: str) -> str:
    return quoteattr(harmless(text, 600))
