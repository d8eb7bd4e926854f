"""The manual's page of checks, from the rules themselves."""

from __future__ import annotations

from tui_editor.checks.registry import BUILT_IN, load

_FAMILIES = {
    "S": "Structure",
    "M": "Media",
    "G": "Geometry",
    "O": "Ontology and answers",
}
_INTRODUCTION = (
    "`tui-editor check` runs these over a project or a data set. Labels of a track that are at fault on consecutive "
    "frames make one finding. `--select` and `--ignore` take rules or their beginnings: `--select G,M01`."
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
            "| Rule | Severity | What is wrong | How it decides |",
            "| --- | --- | --- | --- |",
        ]
        for rule in rules:
            if rule.rule.startswith(letter):
                lines.append(f"| {rule.rule} | {rule.severity.value} | {rule.title} | {getattr(rule, 'doc', '')} |")
    return "\n".join(lines) + "\n"
