"""Changes of the project's ontology: kept where labels lose nothing by them, else refused with what would be lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import reduce
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from tui_editor.api.workflow import need_role
from tui_editor.errors import OntologyError, Refused, UsageError
from tui_editor.model.ontology import Ontology
from tui_editor.model.ontology_edits import SHAPES, added, changed, removed
from tui_editor.model.ontology_fit import loses, loses_labels, narrowed
from tui_editor.model.ontology_paths import SEPARATOR, find_path
from tui_editor.model.ontology_words import ontology_words
from tui_editor.model.transitions import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tui_editor.api.project import Project
    from tui_editor.model.instances import Instance


Change = Callable[[Ontology], Ontology]


class Losses(Struct, frozen=True, kw_only=True):
    """What labels would lose by a change."""

    instances: int = 0
    tasks: int = 0
    what: str = ""
    """`labels` or `answers`."""


def edit_ontology(project: Project, change: Change) -> str:
    """Keep what a function makes of the ontology, where no label loses its class or an answer by it.

    Returns:
        What was changed, in words; empty: nothing.

    Raises:
        UsageError: the change can't be.
        Refused: the person may not, or labels would lose something; how many do is told, and what to do.
        ProjectChanged: somebody else changed the ontology meanwhile.
    """
    need_role(project, "change the ontology", Role.ADMIN, Role.MANAGER)
    before = project.info
    try:
        after = change(before.ontology)
    except OntologyError as error:
        raise UsageError(error.what, where=error.where, hint=error.hint) from error
    found = losses(project, before.ontology, after)
    if found.instances:
        who = f"{_counted(found.instances, 'instance')} in {_counted(found.tasks, 'task')}"
        hint = "archive it instead, and add another where one is needed: what there is stays"
        raise Refused(f"{who} would lose {found.what} by it", hint=hint)
    project.save(replace(before, ontology=after))
    return ontology_words(before.ontology, after)


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def losses(project: Project, before: Ontology, after: Ontology) -> Losses:
    """Return what the project's labels would lose by a change; nothing is read where it can't be anything."""
    classes = narrowed(before, after)
    if not classes:
        return Losses()
    lost = [(task, i.class_id) for task, i in project.store.instances(classes) if loses(i, before, after)]
    labels = any(loses_labels(class_id, before, after) for class_id in {class_id for _, class_id in lost})
    tasks = len({task for task, _ in lost})
    return Losses(instances=len(lost), tasks=tasks, what="labels" if labels else "answers")


# --- as they are typed --------------------------------------------------------------------------------------------


def adding(place: str, kind: str) -> Change:
    """Return the change that adds `Van`, `Car/Colour` or `Car/Colour/Red`: see `ontology_edits.added`."""

    def change(ontology: Ontology) -> Ontology:
        if SEPARATOR not in place or kind in SHAPES:
            return added(ontology, (), place, kind)
        above, _, name = place.rpartition(SEPARATOR)
        return added(ontology, find_path(ontology, above), name, kind)

    return change


def changing(place: str, field: str, words: str) -> Change:
    """Return the change of a field of a place: see `ontology_edits.changed`."""
    return lambda ontology: changed(ontology, find_path(ontology, place), field, words)


def removing(place: str) -> Change:
    """Return the change that takes a place out, with all below it."""
    return lambda ontology: removed(ontology, find_path(ontology, place))


def one_after_the_other(changes: Sequence[Change]) -> Change:
    """Return the change that makes several, each of what the one before made."""
    return lambda ontology: reduce(lambda so_far, change: change(so_far), changes, ontology)


def uses(project: Project) -> dict[str, int]:
    """Return by ids how many instances there are of each class, with an answer to each attribute, with each option."""
    classes = {entry.id for entry in project.info.ontology.all()}
    counts: Counter[str] = Counter()
    for _, instance in project.store.instances(classes):
        counts.update({instance.class_id, *_used(instance)})
    return dict(counts)


def _used(instance: Instance) -> Iterator[str]:
    given = [*instance.answers.items(), *((answer.attribute, answer.value) for answer in instance.dynamic)]
    for attribute, value in given:
        yield attribute
        yield from value if isinstance(value, tuple) else ()
