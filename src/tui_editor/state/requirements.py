"""What the ontology asks for and the task lacks, as issues: computed, never stored."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from tui_editor.edits.workflow import absent_classes, unanswered
from tui_editor.model.ids import IssueId
from tui_editor.model.issues import Comment, Issue, IssueKind
from tui_editor.model.ontology import walk
from tui_editor.state import selectors
from tui_editor.state.memo import remember_last
from tui_editor.state.order import Standouts

if TYPE_CHECKING:
    from tui_editor.edits.workflow import Requirement
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.ids import InstanceId
    from tui_editor.model.ontology import Ontology
    from tui_editor.state.store import TaskState

MOST_LISTED: Final = 500
"""More requirements than these say nothing new."""


def task_requirements(state: TaskState) -> tuple[Issue, ...]:
    """Return what is missing, as open issues without an author: absent classes, then unanswered attributes.

    The first `MOST_LISTED` in review order. An edit is followed, not the whole task gone through.
    """
    document, ontology = state.document, state.project.ontology
    absent = absent_classes(document.lookup.of_class, ontology)
    if not _asks(ontology):
        return tuple(map(_as_issue, absent))
    lacking = _LACKING.within(selectors.review_order(state), document, ontology)
    missing = chain.from_iterable(unanswered(document.instances[i], ontology) for i in lacking)
    return tuple(map(_as_issue, islice(chain(absent, missing), MOST_LISTED)))


@remember_last
def _asks(ontology: Ontology) -> bool:
    """Return whether an answer to anything is required."""
    return any(attribute.required for entry in ontology.all() for attribute in walk(entry.attributes))


def _lacks(document: LabelDocument, instance: InstanceId, ontology: Ontology) -> bool:
    return next(unanswered(document.instances[instance], ontology), None) is not None


_LACKING = Standouts(_lacks)


@cache
def _id_of(missing: Requirement) -> IssueId:
    """Return the same number for the same thing, below those of issues that are stored."""
    place = repr((missing.class_id, missing.instance, missing.attribute)).encode()
    return IssueId(-int.from_bytes(blake2b(place, digest_size=7).digest()) - 1)


def _as_issue(missing: Requirement) -> Issue:
    return Issue(
        id=_id_of(missing),
        kind=IssueKind.REQUIREMENT,
        author="",
        created_ms=0,
        instance=missing.instance,
        comments=(Comment(author="", at_ms=0, text=missing.text),),
    )
