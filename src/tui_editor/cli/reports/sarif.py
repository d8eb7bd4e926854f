"""Findings as SARIF 2.1.0 (OASIS): what code scanning services read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from tui_editor.cli.reports.report import file_of, harmless, place_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tui_editor.cli.reports.report import About
    from tui_editor.ports import Check, Finding

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def report(findings: Iterable[Finding], about: About) -> Iterator[str]:
    """Yield the log: one run, its rules, then a result for each finding."""
    from tui_editor import __version__

    index = {check.rule: n for n, check in enumerate(about.rules)}
    driver = {
        "name": "tui-editor",
        "version": __version__,
        "rules": [_rule(check) for check in about.rules],
    }
    yield f'{{"$schema": "{SCHEMA}", "version": "2.1.0", "runs": [{{"tool": {{"driver": {json.dumps(driver)}}},\n'
    yield '"columnKind": "utf16CodeUnits", "results": ['
    before = "\n"
    for finding in findings:
        yield before + json.dumps(_result(finding, index))
        before = ",\n"
    yield "\n]}]}\n"


def _rule(check: Check) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "id": check.rule,
        "shortDescription": {"text": harmless(check.title)},
        "defaultConfiguration": {"level": _LEVELS[check.severity.value]},
    }
    doc, hint = getattr(check, "doc", ""), getattr(check, "hint", "")
    if doc:
        rule["fullDescription"] = {"text": doc}
    if hint:
        rule["help"] = {"text": hint}
    return rule


def _result(finding: Finding, index: dict[str, int]) -> dict[str, Any]:
    place = place_of(finding)
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "level": _LEVELS[finding.severity.value],
        "message": {"text": harmless(finding.message)},
        "partialFingerprints": {"tuiEditor/v1": finding.key},
        "locations": [_location(finding, place)],
    }
    if finding.rule in index:
        result["ruleIndex"] = index[finding.rule]
    properties = {"frame": finding.frame, "instance": harmless(finding.name), "box_px": finding.box_px}
    result["properties"] = {name: value for name, value in properties.items() if value not in (None, "")}
    return result


def _location(finding: Finding, place: str) -> dict[str, Any]:
    named, pointer = file_of(finding)
    file = named or finding.title or "project"
    location: dict[str, Any] = {
        "physicalLocation": {"artifactLocation": {"uri": quote(harmless(file, 2000))}, "region": {"startLine": 1}},
        "logicalLocations": [{"fullyQualifiedName": place or finding.rule}],
    }
    if pointer:
        location["message"] = {"text": harmless(pointer)}
    return location
