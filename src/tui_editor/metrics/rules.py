"""How labels are matched, and which differences between them are worth telling: CVAT's kinds and defaults."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from tui_editor.ports import Severity


class Conflict(StrEnum):
    """CVAT's eight kinds of conflicts, and identities that change; the value is the stable id of the rule."""

    MISSING = "E01"
    EXTRA = "E02"
    WRONG_CLASS = "E03"
    LOW_OVERLAP = "E04"
    DIRECTION = "E05"
    ATTRIBUTES = "E06"
    GROUPS = "E07"
    COVERED = "E08"
    IDENTITY = "A07"


TITLES = {
    Conflict.MISSING: "missing label",
    Conflict.EXTRA: "extra label",
    Conflict.WRONG_CLASS: "another class",
    Conflict.LOW_OVERLAP: "low overlap",
    Conflict.DIRECTION: "another direction",
    Conflict.ATTRIBUTES: "other answers",
    Conflict.GROUPS: "another group",
    Conflict.COVERED: "covered by others",
    Conflict.IDENTITY: "another identity",
}
SEVERITIES = {
    kind: Severity.ERROR if kind in {Conflict.MISSING, Conflict.EXTRA, Conflict.WRONG_CLASS} else Severity.WARNING
    for kind in Conflict
}


class MatchRules(Struct, frozen=True, kw_only=True):
    """Thresholds; the defaults are those of CVAT's quality settings."""

    least_overlap: float = 0.4
    """Labels that have less in common are different things."""
    low_overlap: float = 0.8
    """Matches below this are told."""
    direction: float = 0.1
    """By how much a line must be more alike when it is turned round."""
    group_overlap: float = 0.5
    """Share of members from which two groups are the same."""
    least_visible: float = 0.05
    """Labels of which less is to be seen are told."""
    rectangles: bool = False
    """Compare all shapes by the upright rectangles around them."""
