"""What a conversion into another format loses: written, read back and compared (rules C01 and C02)."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tui_editor.ports import Finding, Severity
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui_editor.api.project import Project
    from tui_editor.formats.compare import Difference


def conversion_findings(project: Project, format_name: str, *, allow_lossy: bool = False) -> Iterator[Finding]:
    """Yield what a format can't hold (C02), and what differs though it should hold it (C01).

    Raises:
        FormatUnknown: there is no such format, or it can't be written.
    """
    from tui_editor.api.exporting import export

    with TemporaryDirectory(prefix="tui-editor-") as folder:
        outcome = export(project, Path(folder) / "converted", format_name, allow_lossy=True)
    level = Severity.WARNING if allow_lossy else Severity.ERROR
    for loss in outcome.report.losses:
        text = f"{format_name} can't hold: {loss.what} ({loss.count}×)"
        yield _finding("C02", level, text + (f", first in {loss.where}" if loss.where else ""), project)
    # what is lost shows as a difference too: only without a loss is it surely a fault of the format
    differs = Severity.WARNING if outcome.report.losses else Severity.ERROR
    for difference in outcome.differences:
        yield _finding("C01", differs, _read_back(format_name, difference), project)


def _read_back(format_name: str, difference: Difference) -> str:
    values = f": {difference.before}, then {difference.after}" if difference.before or difference.after else ""
    return f"read back from {format_name}: {difference.what} in {difference.where}{values}"


def _finding(rule: str, severity: Severity, text: str, project: Project) -> Finding:
    return Finding(rule=rule, severity=severity, message=one_line(text, 300), title=one_line(project.info.name))
