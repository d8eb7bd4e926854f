"""Runs rules over batches of tasks: over the columns of their labels, each task, and all of them together."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field
from msgspec.structs import replace

from tui_editor.checks.declared import Declared
from tui_editor.checks.registry import checks
from tui_editor.checks.rule import Rule
from tui_editor.checks.sheets import Labelled, sheet_of
from tui_editor.ports import Reads, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tui_editor.model.ontology import Ontology
    from tui_editor.model.sheet import Sheet
    from tui_editor.ports import Check, CheckContext, Finding

Tallies = dict[str, list[Any]]
CLASSES: Final = "classes"
"""Key of tallies that belong to no rule: the classes of `checks.toml` that the data have."""


class Plan(Struct, frozen=True, kw_only=True):
    """Which rules run, and by which thresholds."""

    select: tuple[str, ...] = ()
    """Rules or their beginnings; all when empty."""
    ignore: tuple[str, ...] = ()
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Thresholds by rule, where they are not the defaults."""
    severities: Mapping[str, str] = field(default_factory=dict)
    """Severities by rule, where they are not the defaults; `off` for rules that don't run."""
    pixels: bool = True
    """Whether frames are decoded."""
    declared: Declared = Declared()
    """What the settings say of the data."""
    reads: tuple[Reads, ...] = ()
    """What rules may look at; anything when empty."""

    def wants(self, rule: str) -> bool:
        """Return whether a rule runs."""
        if not self.select and self.severities.get(rule) == "off":
            return False
        wanted = not self.select or any(rule.startswith(s) for s in self.select)
        return wanted and not any(rule.startswith(i) for i in self.ignore)

    def rules(self) -> list[Check]:
        """Return the checks that run, by rule."""
        found = [check for check in checks() if self.wants(check.rule)]
        return [check for check in found if self._may_read(getattr(check, "reads", Reads.TASK))]

    def _may_read(self, reads: Reads) -> bool:
        return (self.pixels or reads is not Reads.PIXELS) and (not self.reads or reads in self.reads)

    def judged(self, finding: Finding) -> Finding:
        """Return a finding with the severity that the settings give it; one that a rule lowered stays as low."""
        wanted = self.severities.get(finding.rule)
        if wanted is None or wanted == "off" or wanted == finding.severity.value:
            return finding
        return replace(finding, severity=Severity(wanted))


class Runner:
    """Runs the rules of a plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._rules = plan.rules()
        own = [rule for rule in self._rules if isinstance(rule, Rule)]
        self._columns = [rule for rule in own if rule.labels is not None]
        self._tasks = [rule for rule in self._rules if not isinstance(rule, Rule) or rule.find is not None]
        self._tallied = [rule for rule in own if rule.conclude is not None]

    def of_tasks(self, contexts: Sequence[CheckContext]) -> tuple[list[Finding], Tallies]:
        """Return the findings of some tasks, in the order of tasks, frames and rules, and what was counted."""
        contexts = self._told(contexts)
        labelled = [Labelled(c.task, c.document, c.project.ontology, c.only) for c in contexts]
        found, tallies = self.of_sheet(sheet_of(labelled))
        for context in contexts:
            found += self._of_task(context)
            for rule in self._tallied:
                if rule.tally_task is not None:
                    tally = rule.tally_task(context, rule.values(self.plan.settings))
                    if tally is not None:
                        tallies[rule.rule].append(tally)
        for ontology in dict.fromkeys(context.project.ontology for context in contexts):
            for key, counted in self.of_ontology(ontology).items():
                tallies[key] += counted
        order: dict[int | None, int] = {context.task.id: n for n, context in enumerate(contexts)}
        units: dict[int | None, int] = {unit.id: n for c in contexts for n, unit in enumerate(c.task.units)}
        found.sort(
            key=lambda f: (order.get(f.task, -1), units.get(f.unit, -1), -1 if f.frame is None else f.frame, f.rule)
        )
        return found, tallies

    def _told(self, contexts: Sequence[CheckContext]) -> list[CheckContext]:
        """Return the contexts with the plan's thresholds, and what it says of their data."""
        known = {id(c.project): c.project for c in contexts}
        projects = {key: self.plan.declared.of_project(project) for key, project in known.items()}
        return [
            replace(
                context,
                project=projects[id(context.project)],
                task=self.plan.declared.of_task(context.task),
                settings=self.plan.settings,
            )
            for context in contexts
        ]

    def _of_task(self, context: CheckContext) -> Iterator[Finding]:
        answered = _has_answers(context)
        for rule in self._tasks:
            if not answered and getattr(rule, "reads", None) is Reads.ANSWERS:
                continue
            found = rule.on_task(context) if isinstance(rule, Rule) else rule.run(context)
            yield from map(self.plan.judged, found)

    def of_sheet(self, sheet: Sheet) -> tuple[list[Finding], Tallies]:
        """Return the findings in the columns of labels, in the sheet's order of rules, and what was counted."""
        found = [
            self.plan.judged(finding) for rule in self._columns for finding in rule.on_sheet(sheet, self.plan.settings)
        ]
        tallies: Tallies = defaultdict(list)
        for rule in self._tallied if len(sheet) else ():
            if rule.tally is not None:
                tallies[rule.rule].append(rule.tally(sheet, rule.values(self.plan.settings)))
        return found, tallies

    def of_ontology(self, ontology: Ontology) -> Tallies:
        """Return what is counted in an ontology."""
        tallies: Tallies = defaultdict(list)
        if self.plan.declared.classes:
            tallies[CLASSES].append(self.plan.declared.classes_in(ontology))
        for rule in self._tallied:
            if rule.tally_ontology is not None:
                tallies[rule.rule].append(rule.tally_ontology(ontology, rule.values(self.plan.settings)))
        return tallies

    def without_pixels(self, *, decode: bool) -> Runner:
        """Return a runner like this one, that decodes nothing unless told to."""
        return self if decode or not self.plan.pixels else Runner(replace(self.plan, pixels=False))

    def concluded(self, tallies: Mapping[str, Iterable[Any]]) -> Iterator[Finding]:
        """Yield what only all tasks together show."""
        for rule in self._tallied:
            yield from map(self.plan.judged, rule.concluded(tallies.get(rule.rule, ()), self.plan.settings))


def _has_answers(context: CheckContext) -> bool:
    if any(entry.attributes for entry in context.project.ontology.all()):
        return True
    return any(i.answers or i.dynamic for i in context.document.instances.values())
