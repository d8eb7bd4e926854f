"""Rules about train, validation and test (family L)."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, Final

from tui_editor.checks.rule import Fault, Rule
from tui_editor.ports import CheckContext, Param, Reads, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

GROUPS: Final = ("patient", "patient_id", "video", "group", "scene", "sequence")
"""Metadata of data units that tell what belongs together."""


def _media(context: CheckContext, _: Mapping[str, Any]) -> Any:
    """Return split, title and what names the media of a task."""
    task = context.task
    roots = context.project.roots
    names = {(roots.get(u.media.root, u.media.root), path) for u in task.units for path in u.media.paths}
    prints = {unit.media.fingerprint for unit in task.units if unit.media.fingerprint}
    return (task.split, task.title, tuple(sorted(names)), tuple(sorted(prints))) if task.split else None


def _in_two(tallies: Iterable[Any], _: Mapping[str, Any]) -> Iterator[Fault]:
    seen: dict[tuple[Any, ...], tuple[str, str]] = {}
    for split, title, names, prints in tallies:
        for kind, keys in (("medium", names), ("fingerprint", prints)):
            for key in keys:
                before = seen.setdefault((kind, key), (split, title))
                if before[0] != split:
                    name = key[1] if isinstance(key, tuple) else title
                    yield Fault(message=f"{name} is in {before[0]} ({before[1]}) and in {split} ({title})", title=title)


def _groups(context: CheckContext, values: Mapping[str, Any]) -> Any:
    task = context.task
    names = {f"group {task.group_key}"} if task.group_key else set()
    for unit in task.units:
        names |= {f"{key} {unit.metadata[key]}" for key in values["metadata"] if unit.metadata.get(key)}
    return (task.split, task.title, tuple(sorted(names))) if task.split and names else None


def _torn(tallies: Iterable[Any], _: Mapping[str, Any]) -> Iterator[Fault]:
    seen: dict[str, dict[str, str]] = defaultdict(dict)
    for split, title, names in tallies:
        for name in names:
            seen[name].setdefault(split, title)
    for name, splits in seen.items():
        if len(splits) > 1:
            places = ", ".join(f"{split} ({title})" for split, title in sorted(splits.items()))
            yield Fault(message=f"the {name} is in several splits: {places}")


def _classes(context: CheckContext, _: Mapping[str, Any]) -> Any:
    if not context.task.split:
        return None
    counts = Counter(i.class_id for i in context.document.instances.values())
    entries = ((context.project.ontology.find(key), key, n) for key, n in counts.items())
    return context.task.split, {(entry.name if entry is not None else key): n for entry, key, n in entries}


def _absent(tallies: Iterable[Any], values: Mapping[str, Any]) -> Iterator[Fault]:
    splits: dict[str, Counter[str]] = defaultdict(Counter)
    for split, counts in tallies:
        splits[split].update(counts)
    everywhere: Counter[str] = sum(splits.values(), Counter())
    for split in sorted(splits) if len(splits) > 1 else ():
        lacking = sorted(n for n, c in everywhere.items() if c >= values["least_instances"] and not splits[split][n])
        if lacking:
            more = f", and {len(lacking) - 8} more" if len(lacking) > 8 else ""
            yield Fault(message=f"{split} has no {', '.join(lacking[:8])}{more}")


RULES = (
    Rule(
        rule="L01",
        title="a medium is in two splits",
        severity=Severity.ERROR,
        doc="The same file, by its path or its fingerprint, belongs to tasks of different splits.",
        reads=Reads.PROJECT,
        tally_task=_media,
        conclude=_in_two,
        hint="keep it in one split",
    ),
    Rule(
        rule="L02",
        title="what belongs together is in two splits",
        severity=Severity.ERROR,
        doc="Tasks of one group, or data units with the same value of one of the `metadata`, in different splits.",
        reads=Reads.PROJECT,
        tally_task=_groups,
        conclude=_torn,
        params=(Param("metadata", GROUPS, "metadata that tell what belongs together"),),
        hint="keep the whole group in one split",
    ),
    Rule(
        rule="L03",
        title="a split lacks a class",
        severity=Severity.WARNING,
        doc="A class with at least `least_instances` instances in all splits has none in one of them.",
        reads=Reads.PROJECT,
        tally_task=_classes,
        conclude=_absent,
        params=(Param("least_instances", 10, "instances from which on a class is expected in every split"),),
        hint="move tasks between the splits",
    ),
)
