"""Rules about files, names and what their readers leave behind (family S)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from tui_editor.checks.rule import Fault, Rule, first_label, instances, name_of
from tui_editor.ports import CheckContext, Reads, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tui_editor.model.ontology import AnyClass, Ontology
    from tui_editor.ports import Loss

ORPHANS: Final = "that the file doesn't list"
"""What readers say of labels without a picture."""
OF_MEDIA: Final = ("picture missing", "the medium can't be opened")
"""Losses that are M01."""


def _orphans(context: CheckContext, _: Mapping[str, Any]) -> Iterator[Fault]:
    for loss in context.losses:
        if ORPHANS in loss.what:
            yield Fault(message=_said(loss))


def _said(loss: Loss) -> str:
    times = f"{loss.count} times: " if loss.count > 1 else ""
    return f"{times}{loss.what}" + (f" ({loss.where})" if loss.where else "")


def _empty_task(context: CheckContext, _: Mapping[str, Any]) -> str:
    return "" if context.document.tracks else context.task.title


def _unlabelled(tallies: Iterable[Any], _: Mapping[str, Any]) -> Iterator[Fault]:
    told = list(tallies)
    titles = [title for title in told if title]
    if titles and len(titles) < len(told):  # otherwise nobody began
        some = ", ".join(titles[:3]) + (", …" if len(titles) > 3 else "")
        plural = "s have" if len(titles) > 1 else " has"
        yield Fault(message=f"{len(titles)} task{plural} no label: {some}", severity=Severity.INFO)


def _lossy(context: CheckContext, _: Mapping[str, Any]) -> Iterator[Fault]:
    for loss in context.losses:
        if ORPHANS not in loss.what and loss.what not in OF_MEDIA:
            yield Fault(message=f"not carried over: {_said(loss)}")


def _class_names(ontology: Ontology, _: Mapping[str, Any]) -> Any:
    return tuple((str(entry.id), entry.name, str(getattr(entry, "shape", ""))) for entry in ontology.all())


def _ambiguous_names(tallies: Iterable[Any], _: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield names of classes that differ only in case or blanks, once for the project.

    One name for several kinds of shape is the way to say that a thing may be labelled by each.
    """
    names = dict.fromkeys(entry for names in tallies for entry in names)
    same: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for _id, name, kind in names:
        same[" ".join(name.casefold().split())].append((name, kind))
        if name != name.strip():
            yield Fault(message=f"the class {name!r} has blanks at its ends")
    for found in same.values():
        one_name = len({name for name, _ in found}) == 1
        if len(found) > 1 and not (one_name and len(set(found)) == len(found)):
            text = ", ".join(repr(name) for name, _ in found)
            yield Fault(message=f"{len(found)} classes have nearly one name: {text}")


def _two_kinds(context: CheckContext, _: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield identifiers of the source that two classes share; classes of one COCO category belong together."""
    same: dict[str, list[Any]] = defaultdict(list)
    for instance in instances(context):
        if instance.source_id:
            same[instance.source_id].append(instance)
        if len(context.document.units_of.get(instance.id, ())) < 2:
            continue  # one track has labels of one kind
        kinds = sorted({track.kind.value for _unit, track in context.document.tracks_of(instance.id)})
        if len(kinds) > 1:
            unit, frame = first_label(context, instance.id)
            text = f"{name_of(context, instance)} has labels of several kinds: {', '.join(kinds)}"
            yield Fault(message=text, unit=unit, frame=frame, instance=instance.id)
    for source_id, group in same.items():
        names = {_category(context.project.ontology.find(i.class_id), i.class_id) for i in group}
        if len(names) > 1:
            unit, frame = first_label(context, group[1].id)
            text = f"the identifier {source_id} is that of {len(names)} classes: {', '.join(sorted(names))}"
            yield Fault(message=text, unit=unit, frame=frame, instance=group[1].id)


def _category(entry: AnyClass | None, class_id: str) -> str:
    return entry.name.partition("·")[0] if entry is not None else class_id


RULES = (
    Rule(
        rule="S01",
        title="a file can't be read",
        severity=Severity.ERROR,
        doc="It is missing, not of the format, or breaks its rules: with the line or the JSON pointer. What was "
        "given to "
        "`check` and can't be read at all ends with exit code 3.",
        reads=Reads.PROJECT,
        hint="repair the file at that place",
    ),
    Rule(
        rule="S05",
        title="labels have no picture, or tasks no label",
        severity=Severity.ERROR,
        doc="Labels of pictures that the file doesn't list (an error). Tasks without any label are counted as info, "
        "where others have some.",
        reads=Reads.PROJECT,
        find=_orphans,
        tally_task=_empty_task,
        conclude=_unlabelled,
        hint="add the picture, or delete its labels",
    ),
    Rule(
        rule="S07",
        title="classes have nearly one name",
        severity=Severity.WARNING,
        doc="Names that differ in case or blanks only, or that begin or end with a blank. One name for several kinds "
        "of shape is no fault.",
        reads=Reads.PROJECT,
        tally_ontology=_class_names,
        conclude=_ambiguous_names,
        hint="rename one of them, or merge them",
    ),
    Rule(
        rule="S08",
        title="something of the source was not carried over",
        severity=Severity.WARNING,
        doc="What the reader of the format could not take over, and what an export therefore lacks.",
        reads=Reads.TASK,
        find=_lossy,
        hint="keep the source file",
    ),
    Rule(
        rule="S09",
        title="one identifier stands for two classes or kinds of shape",
        severity=Severity.ERROR,
        doc="Instances that the source gave one identifier, of several classes; an instance with labels of several "
        "kinds.",
        reads=Reads.TASK,
        find=_two_kinds,
        hint="give one of them another identifier",
    ),
)
