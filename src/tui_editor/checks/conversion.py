"""Rules about what a conversion into another format keeps (family C): `check --target FORMAT` finds what they tell."""

from __future__ import annotations

from tui_editor.checks.rule import Rule
from tui_editor.ports import Reads, Severity

RULES = (
    Rule(
        rule="C01",
        title="what was written is not what is read back",
        severity=Severity.ERROR,
        doc="With `--target FORMAT`: everything is written in the format into a temporary folder, read back and "
        "compared: "
        "lost labels, coordinates that differ (with the pixels), frames that moved. A warning where the format "
        "could not hold something: "
        "that shows here as well.",
        reads=Reads.PROJECT,
        hint="report it with the file: a format must not change what it can hold",
    ),
    Rule(
        rule="C02",
        title="the target format can't hold something",
        severity=Severity.ERROR,
        doc="With `--target FORMAT`: shapes, holes, rotations, tracks, attributes that the format has no place for. A "
        "warning with `--allow-lossy`.",
        reads=Reads.PROJECT,
        hint="choose another format, or accept it with --allow-lossy",
    ),
)
