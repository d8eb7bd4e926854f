"""The manual's page of checks, from the rules themselves."""

from __future__ import annotations

from tui_editor.checks.fixes import FIXES
from tui_editor.checks.registry import BUILT_IN, load
from tui_editor.checks.rule import Rule

_FAMILIES = {
    "S": "Structure",
    "M": "Media",
    "G": "Geometry",
    "D": "Duplicates and overlap",
    "O": "Ontology and answers",
    "T": "Tracks",
    "W": "Workflow",
    "X": "Statistics",
    "L": "Splits",
    "A": "Agreement",
    "E": "Against ground truth or predictions",
    "C": "Conversion",
}
_INTRODUCTION = (
    "`tui-editor check` runs these over a project or a data set. Labels of a track that are at fault on consecutive "
    "frames make one finding. `--select` and `--ignore` take rules or their beginnings: `--select G,M01`.\n\n"
    "A file `checks.toml` in the folder of the project or data set (`--config` names another one) sets what runs, "
    "thresholds, severities (`off` for none) and waivers:\n\n"
    "```toml\n"
    'ignore = ["X", "O07"]\n\n'
    "[rules.G02]\n"
    "least_side_px = 3.0\n"
    'severity = "error"\n\n'
    "[[waive]]\n"
    'rule = "G04"\n'
    'key = "5f0c1d2e3a4b5c6d"           # `--format json` tells it\n'
    'author = "ada"\n'
    'reason = "the bus is wider than the street"\n'
    "expires = 2027-06-30               # the last day; may be left out\n"
    "```\n\n"
    "The same file says of the data what their format does not hold:\n\n"
    "```toml\n"
    "panoptic = true                    # masks cover each pixel of a frame once (D05)\n\n"
    '[classes."traffic light"]          # by name, in any case\n'
    "exclusive = true                   # nothing of another class lies on its place (D03)\n"
    "min_per_frame = 0                  # on each frame that has labels (O08)\n"
    "max_per_frame = 6\n\n"
    "[splits]                           # patterns of a task's title or of a path of its media (L01 to L03)\n"
    'train = ["train/*"]\n'
    'val = ["val/*", "*_val.mp4"]\n'
    "```\n\n"
    "Of several data sets in one command each is the split that its name says, where no pattern does: "
    "`tui-editor check train.json val.json`. A task that has a split keeps it.\n\n"
    "A waiver ends on its day, and when the finding says something else than was accepted (`said`).\n\n"
    "What a check reads tells when it runs again after an edit: `label`, `answers` and `track` only for the objects "
    "that "
    "were touched, `frame` and `tracks` for what shares their frames, `task` for the task; `pixels` only where "
    "frames are "
    "decoded; `project` over all tasks together."
)


def checks_page() -> str:
    """Return the page in Markdown."""
    rules, _ = load(BUILT_IN)
    lines = [
        "# Checks",
        "",
        "<!-- Generated from the rules by `make pages`. -->",
        "",
        _INTRODUCTION,
    ]
    for letter, title in _FAMILIES.items():
        lines += [
            "",
            f"## {title}",
            "",
            "| Rule | Severity | What is wrong | How it decides | Thresholds | Reads | What to do |",
            "| --- | --- | --- | --- | --- | --- | --- |",
        ]
        for rule in rules:
            if rule.rule.startswith(letter):
                assert isinstance(rule, Rule)
                lines.append(_row(rule))
    return "\n".join(lines) + "\n"


def _row(rule: Rule) -> str:
    params = "; ".join(f"`{p.name} = {_value(p.default)}` {p.doc}" for p in rule.params)
    what = rule.hint + (f" (`--fix`: {FIXES[rule.fix]})" if rule.fix in FIXES else "")
    cells = (rule.rule, rule.severity.value, rule.title, rule.doc, params, rule.reads.value, what)
    return f"| {' | '.join(cells)} |"


def _value(default: object) -> str:
    return ", ".join(map(str, default)) if isinstance(default, tuple) else str(default)
