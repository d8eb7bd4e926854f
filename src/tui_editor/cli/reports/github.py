"""Findings as annotations of GitHub's workflows: `::error file=…,title=…::…`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.cli.reports.report import file_of, harmless, place_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tui_editor.cli.reports.report import About
    from tui_editor.ports import Finding

_WORDS = {"error": "error", "warning": "warning", "info": "notice"}


def report(findings: Iterable[Finding], about: About) -> Iterator[str]:
    """Yield a line for each finding."""
    del about
    for finding in findings:
        file = harmless(file_of(finding)[0], 1000)
        where = f"file={_property(file)}," if file else ""
        title = _property(f"{finding.rule} {place_of(finding)}".strip())
        yield f"::{_WORDS[finding.severity.value]} {where}title={title}::{_data(harmless(finding.message))}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
