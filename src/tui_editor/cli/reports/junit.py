"""Findings as JUnit XML: a test suite for each rule, a test case for each finding."""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Final
from xml.sax.saxutils import quoteattr

from tui_editor.cli.reports.report import harmless, place_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tui_editor.cli.reports.report import About
    from tui_editor.ports import Finding

HELD_BYTES: Final = 1 << 18
"""Of the cases of a rule, before they go to a file."""


def report(findings: Iterable[Finding], about: About) -> Iterator[str]:
    """Yield the document: errors and warnings are failures, infos pass; a rule without findings is a case that passes.

    The numbers of a suite stand before its cases, so cases are held, many of them in files, until the last one came.
    """
    titles = {check.rule: check.title for check in about.rules}
    with ExitStack() as stack:
        suites = {rule: _Suite(stack.enter_context(_spool())) for rule in titles}
        for finding in findings:
            if finding.rule not in suites:
                suites[finding.rule] = _Suite(stack.enter_context(_spool()))
            suites[finding.rule].add(finding)
        total = sum(max(suite.cases, 1) for suite in suites.values())
        failed = sum(suite.failures for suite in suites.values())
        yield '<?xml version="1.0" encoding="UTF-8"?>\n'
        yield f'<testsuites name="tui-editor check" tests="{total}" failures="{failed}" errors="0">\n'
        for rule in sorted(suites):
            yield from suites[rule].report(rule, titles.get(rule, rule))
        yield "</testsuites>\n"


def _spool() -> AbstractContextManager[IO[str]]:
    return SpooledTemporaryFile(max_size=HELD_BYTES, mode="w+", encoding="utf-8")


def _fails(finding: Finding) -> bool:
    return finding.severity.value != "info"


class _Suite:
    """The cases of a rule, of which the first ones are held in memory."""

    def __init__(self, file: IO[str]) -> None:
        self.cases = self.failures = 0
        self._file = file

    def add(self, finding: Finding) -> None:
        """Add the case of a finding."""
        self.cases += 1
        self.failures += _fails(finding)
        self._file.write(_case(finding))

    def report(self, rule: str, title: str) -> Iterator[str]:
        """Yield the suite."""
        name, tests = _attribute(f"{rule} {title}"), max(self.cases, 1)
        yield f'  <testsuite name={name} tests="{tests}" failures="{self.failures}" errors="0" skipped="0">\n'
        if not self.cases:
            yield f'    <testcase name={_attribute(title)} classname="{rule}" time="0"/>\n'
        self._file.seek(0)
        yield from self._file
        yield "  </testsuite>\n"


def _case(finding: Finding) -> str:
    name = _attribute(place_of(finding) or finding.rule)
    head = f'    <testcase name={name} classname="{finding.rule}" time="0"'
    if not _fails(finding):
        return f"{head}/>\n"
    said = _attribute(finding.message)
    return f'{head}>\n      <failure type="{finding.severity.value}" message={said}/>\n    </testcase>\n'


def _attribute(text: str) -> str:
    return quoteattr(harmless(text, 600))
