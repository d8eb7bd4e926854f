"""Rules about two sets of labels of the same frames (families A and E).

`check --against OTHER` finds what they tell. Matching and figures are those of `tui-editor compare`; what is here are
the rules' names, and from which figure on each reports.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from tui_editor.checks.candidates import candidates, error_kinds
from tui_editor.checks.rule import Rule
from tui_editor.ports import Finding, Param, Reads, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any


class Gate(NamedTuple):
    """A figure that a rule wants to be high enough."""

    figure: str
    """Its name in `tui-editor compare`."""
    param: Param


def _gate(figure: str, name: str, least: float, doc: str) -> Gate:
    return Gate(figure, Param(name, least, doc))


_GATES: Final[Mapping[str, tuple[str, tuple[Gate, ...]]]] = {
    "A01": (
        "annotators find different things",
        (_gate("f1@0.5", "f1_50", 0.9, "F1 at an IoU of 0.5"), _gate("f1@0.75", "f1_75", 0.7, "F1 at an IoU of 0.75")),
    ),
    "A02": ("annotators draw the same things differently", (_gate("iou", "iou", 0.8, "mean IoU of matches"),)),
    "A03": (
        "annotators give other classes",
        (
            _gate("kappa", "cohen", 0.8, "Cohen's κ"),
            _gate("fleiss", "fleiss", 0.8, "Fleiss' κ"),
            _gate("alpha", "alpha", 0.8, "Krippendorff's α"),
        ),
    ),
    "A04": ("the panoptic quality between annotators is low", (_gate("pq", "pq", 0.7, "PQ = SQ × RQ"),)),
    "A05": ("annotators give other answers", (_gate("answers", "answers", 0.9, "share of answers that are the same"),)),
    "A06": ("an object lacks its quorum", (_gate("accuracy", "quorum", 0.5, "share of objects that both have"),)),
    "A07": (
        "annotators follow things differently",
        (
            _gate("hota", "hota", 0.7, "HOTA"),
            _gate("assa", "assa", 0.7, "AssA"),
            _gate("idf1", "idf1", 0.8, "IDF1"),
        ),
    ),
    "A08": ("spans of annotators differ in time", (_gate("tiou", "tiou", 0.8, "temporal IoU"),)),
    "E09": (
        "labels and reference find different things",
        (
            _gate("precision", "precision", 0.9, "precision"),
            _gate("recall", "recall", 0.9, "recall"),
            _gate("f1", "f1", 0.9, "F1"),
        ),
    ),
    "E10": (
        "the average precision is low",
        (_gate("ap", "ap", 0.5, "COCO's mean average precision, where scores are"),),
    ),
    "E11": (
        "points or outlines are off the reference",
        (
            _gate("keypoint_ap", "oks", 0.5, "average precision by OKS, where scores are"),
            _gate("boundary", "boundary", 0.7, "boundary F of masks"),
        ),
    ),
    "E12": (
        "tracks are not those of the reference",
        (
            _gate("hota", "hota", 0.5, "HOTA"),
            _gate("idf1", "idf1", 0.6, "IDF1"),
            _gate("mota", "mota", 0.6, "MOTA"),
        ),
    ),
    "E15": ("a figure is below its gate", (_gate("f1", "f1", 0.0, "F1 that is asked for; 0 for no gate"),)),
}
_CONFLICTS: Final = {
    "E01": ("a label of the reference is missing", Severity.ERROR, "label it"),
    "E02": ("a label is not in the reference", Severity.ERROR, "delete it, or correct the reference"),
    "E03": ("a label has another class than in the reference", Severity.ERROR, "change its class"),
    "E04": ("a label covers its counterpart too little", Severity.WARNING, "draw it anew"),
    "E05": ("a line runs in the other direction", Severity.WARNING, "turn it round"),
    "E06": ("a label has other answers than in the reference", Severity.WARNING, "answer it again"),
    "E07": ("a label belongs to another group", Severity.WARNING, "move it to its group"),
    "E08": ("a label is covered by others", Severity.WARNING, "bring it to the front, or delete it"),
}
_HINT: Final = "look at the disagreements: `tui-editor compare` lists them"


def gated(rule: str, figures: Mapping[str, float], settings: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
    """Yield a finding for each figure of a rule that is lower than it should be; unknown ones (NaN) are left out."""
    (found,) = [r for r in RULES if r.rule == rule]
    values = found.values(settings)
    for gate in _GATES.get(rule, ("", ()))[1]:
        value, least = figures.get(gate.figure), values[gate.param.name]
        if value is not None and value < least:
            yield Finding(
                rule=rule,
                severity=found.severity,
                message=f"{gate.param.doc} is {value:.3f}, {least:g} is asked for",
                title="agreement",
                hint=_HINT,
            )


def _rule(rule: str) -> Rule:
    title, gates = _GATES[rule]
    about = ", ".join(f"`{gate.param.name}`" for gate in gates)
    whose = "Two annotators' labels of the same frames" if rule[0] == "A" else "Labels against a reference"
    return Rule(
        rule=rule,
        title=title,
        severity=Severity.WARNING if rule != "E15" else Severity.ERROR,
        doc=f"{whose}: below {about}. The figures are those of `tui-editor compare`; those that can't be known are "
        f"left out.",
        reads=Reads.REFERENCE,
        params=tuple(gate.param for gate in gates),
        hint=_HINT,
    )


def _conflict(rule: str) -> Rule:
    title, severity, hint = _CONFLICTS[rule]
    doc = "One of CVAT's eight kinds of conflicts, by its defaults: labels are matched from an IoU of 0.4 on; a match "
    return Rule(
        rule=rule,
        title=title,
        severity=severity,
        doc=f"{doc}below 0.8 is told. The places are those of `tui-editor compare`.",
        reads=Reads.REFERENCE,
        hint=hint,
    )


RULES = (
    *map(_rule, _GATES),
    *map(_conflict, _CONFLICTS),
    Rule(
        rule="E13",
        title="of the reference's objects many are missed or wrong, by kind",
        severity=Severity.INFO,
        doc="TIDE's kinds (Bolya 2020): class, place, both, twice, background, missed; told from `share` of the "
        "reference's "
        "objects on.",
        reads=Reads.REFERENCE,
        find=error_kinds,
        params=(
            Param("share", 0.1, "share of the reference's objects"),
            Param("iou", 0.5, "IoU of a match"),
            Param("background", 0.1, "IoU below which it is background"),
        ),
        hint=_HINT,
    ),
    Rule(
        rule="E14",
        title="a label may be wrong, by what a model predicts",
        severity=Severity.WARNING,
        doc="Predictions of at least `confidence`: another class on the label's place (`iou`), nothing there at all "
        "(below `background`), or the same class beside it.",
        reads=Reads.REFERENCE,
        find=candidates,
        params=(
            Param("confidence", 0.5, "confidence from which on a prediction counts"),
            Param("iou", 0.5, "IoU of a match"),
            Param("background", 0.1, "IoU below which nothing is there"),
        ),
        hint="look at it: label, class or place may be wrong",
    ),
)
