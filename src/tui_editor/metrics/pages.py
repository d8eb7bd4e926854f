"""The manual's page of comparing, from the tables of figures and rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.metrics.figures import FIGURES, OTHER_NAMES
from tui_editor.metrics.rules import SEVERITIES, TITLES, Conflict, MatchRules

if TYPE_CHECKING:
    from collections.abc import Iterator

_INTRODUCTION = """\
`tui-editor compare A B` holds one set of labels against another: an annotator against the ground truth, a model \
against a person, one annotator against the next. A and B are projects or data sets in any format that can be \
read; `tui-editor formats` lists them.

- **Media** find each other by path, else by file name, else by file name without its ending, else by the title \
of their task. Of several the one whose path agrees longest from its end is taken; where that is not one, none. \
Groups of pictures are matched as a whole where both sides have them, else picture by picture. What only one \
side has is named and not counted.
- **Labels** of a frame match so that they have as much in common as can be, whatever their classes. Boxes and \
rotated boxes are measured by intersection over union, as are polygons and bitmasks; skeletons by OKS, points \
and lines by their distance in relation to the frame; classifications match by class. `--boxes` compares all \
shapes by the upright rectangles around them.
- **Classes** are the same when their names are, in any case; `person·mask` is `person`. **Answers** are held \
against each other by the names of attributes and options.
- **Crowds** of COCO, in which single things are not told apart, count in COCO's averages only; lines that a \
MOTChallenge file flags to be left out count nowhere."""

_AFTER_FIGURES = """\
What can't be measured is a dash, and null in JSON. HOTA, CLEAR and IDF1 are those of TrackEval, each class a \
scene of its own; what TrackEval does before for MOT16 to MOT20, to drop results that lie on a distractor, is not \
done. Averages are those of pycocotools, with the crowds and areas that the file of A tells. κ and α \
are about labels that both sides have; with one class only there is nothing to agree on."""


def compare_page() -> str:
    """Return the page in Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield from ("# Comparing", "", "<!-- Generated from the tables by `make pages`. -->", "", _INTRODUCTION)
    yield from (
        "",
        "## Disagreements",
        "",
        "CVAT's kinds of conflicts with its defaults, and switches of identities.",
        "",
    )
    yield from ("| Rule | Severity | What | When |", "| --- | --- | --- | --- |")
    for kind in Conflict:
        yield f"| {kind.value} | {SEVERITIES[kind].value} | {TITLES[kind]} | {_when(kind)} |"
    yield from (
        "",
        "## Figures",
        "",
        "`--fail-under NAME=VALUE` makes the exit code 1 when a figure is below the value",
    )
    yield from (
        "(switches, fragments, lost: above it).",
        "",
        "| Name | In the report | Meaning |",
        "| --- | --- | --- |",
    )
    for figure in FIGURES:
        yield f"| `{figure.name}` | {figure.group}: {figure.title} | {figure.doc} |"
    others = ", ".join(f"`{other}` for `{name}`" for other, name in OTHER_NAMES.items())
    yield from ("", f"Also understood: {others}.", "", _AFTER_FIGURES)


def _when(kind: Conflict) -> str:
    rules = MatchRules()
    return {
        Conflict.MISSING: f"only A has it: nothing in B has {rules.least_overlap:g} in common with it (`--iou`)",
        Conflict.EXTRA: "only B has it",
        Conflict.WRONG_CLASS: "both have it, with different classes",
        Conflict.LOW_OVERLAP: f"less than {rules.low_overlap:g} in common (`--low-overlap`)",
        Conflict.DIRECTION: f"a line is more alike by {rules.direction:g} when it is turned round",
        Conflict.ATTRIBUTES: "the same class, another answer; each question on its own",
        Conflict.GROUPS: f"its group shares {rules.group_overlap:.0%} of its members or less with that of A",
        Conflict.IDENTITY: "a track has another partner than before: one for each switch that CLEAR counts",
        Conflict.COVERED: f"less than {rules.least_visible:.0%} of a label of B shows beside the smaller ones over it",
    }[kind]
