"""What every report of findings is told, and what it asks."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tui_editor.ports import Check, Finding

FORMATS: Final = ("text", "json", "junit", "sarif", "github", "html")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class About:
    """What was checked, and how."""

    title: str
    rules: tuple[Check, ...]
    """That ran."""
    keeps_ids: bool
    """Whether identifiers mean something: those of a data set that is only looked at are made anew each time."""
    crop: Callable[[Finding], bytes | None] = lambda _finding: None
    """Draws what a finding is about, as PNG; None where there is no picture."""


class Report(Protocol):
    """A form of report: a function that yields its text piece by piece."""

    def __call__(self, findings: Iterable[Finding], about: About) -> Iterator[str]:
        """Yield the report."""


def report(name: str) -> Report:
    """Return the report of a format."""
    module = importlib.import_module(f"tui_editor.cli.reports.{name}")
    found: Report = module.report
    return found


def harmless(text: str, limit: int = 400) -> str:
    """Return one line without control characters."""
    return one_line(text, limit)


def file_of(finding: Finding) -> tuple[str, str]:
    """Return the file of a finding and the JSON pointer in it, empty without one: only structure has pointers."""
    if finding.unit is not None or "#/" not in finding.file:
        return finding.file, ""
    file, _, pointer = finding.file.rpartition("#/")
    return file, f"/{pointer}"


def place_of(finding: Finding) -> str:
    """Return where a finding is: task, medium, frame."""
    names = [finding.title] if finding.title else []
    if finding.file and finding.file != finding.title:
        names.append(finding.file)
    if finding.frame is not None and finding.unit is not None:
        last = finding.last_frame
        names.append(f"frame {finding.frame}" if last is None else f"frames {finding.frame}–{last}")
    return harmless(" › ".join(names), 600)
