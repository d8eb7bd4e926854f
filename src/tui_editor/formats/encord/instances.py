"""Instances of a label row: their entries in the answers and actions, read and written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from tui_editor.formats.encord.answers import joined_ranges, write_dynamic, write_static
from tui_editor.formats.encord.geometry import write_shape
from tui_editor.formats.encord.labels import write_metadata
from tui_editor.formats.encord.names import ours, short_hash, snake
from tui_editor.formats.encord.ontology_json import shape_name
from tui_editor.formats.encord.residue import digest, restored
from tui_editor.formats.encord.times import format_ms
from tui_editor.model.ontology import Classification, ObjectClass, Ontology
from tui_editor.model.shapes import ShapeKind, Verbatim

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tui_editor.model.ids import UnitId
    from tui_editor.model.instances import Instance
    from tui_editor.model.tracks import Label, Track

SHARED_RANGE_KEYS = ("range", "range_html")
"""Geometry of objects without frames (audio, text)."""


class Layers(Struct, frozen=True):
    """How data units are named in a row: by space, and which one the row itself is."""

    spaces: dict[UnitId, str] = field(default_factory=dict)
    ranged: frozenset[UnitId] = frozenset()
    """Units without frames (audio, text)."""

    def space_of(self, unit: UnitId) -> str:
        """Return the space of a unit, empty for the row's own."""
        return self.spaces.get(unit, "")


class Written(Struct, frozen=True):
    """What an instance needs to be written: itself, its hash, its labels by unit."""

    instance: Instance
    hash: str
    tracks: tuple[tuple[UnitId, Track], ...]

    def first(self) -> Label | None:
        """Return its earliest label in the first of its units."""
        return self.tracks[0][1].label(0) if self.tracks else None


def hash_of(instance: Instance, taken: set[str]) -> str:
    """Return a new hash of 8 characters, the same at every export; it is then taken."""
    number = int(instance.id)
    name = short_hash(number)
    while name in taken:
        number += 1
        name = short_hash(number)
    taken.add(name)
    return name


# --- objects -------------------------------------------------------------------------------------


def plain_parts(written: Written, ontology: Ontology, layers: Layers) -> dict[str, Any]:
    """Return `answer` and, where it has any, `actions` of an object as the SDK spells them."""
    instance = written.instance
    kind = ontology.find(instance.class_id)
    answer: dict[str, Any] = {
        "classifications": write_static(instance.answers, kind, ontology),
        "objectHash": written.hash,
        "objectNumber": instance.ordinal,
    }
    answer |= _ranged(written, kind, layers) if isinstance(kind, ObjectClass) else {}
    actions = write_dynamic(instance.dynamic, ontology, layers.space_of)
    if not actions:
        return {"answer": answer}
    return {"answer": answer, "action": {"actions": actions, "objectHash": written.hash}}


def _ranged(written: Written, kind: ObjectClass, layers: Layers) -> dict[str, Any]:
    """Return what an object without frames has in its answers entry."""
    label = written.first()
    if label is None or written.tracks[0][0] not in layers.ranged or not isinstance(label.shape, Verbatim):
        return {}
    metadata = write_metadata(label)
    if metadata["confidence"] == 1:
        del metadata["confidence"]
    return {
        **metadata,
        "featureHash": str(kind.id),
        "name": kind.name,
        "color": kind.color,
        "shape": shape_name(kind),
        "value": snake(kind.name),
        **write_shape(label.shape, (1, 1)),
    }


def object_parts(written: Written, ontology: Ontology, layers: Layers) -> dict[str, Any]:
    """Return `answer` and `action` of an object, in the source's spelling where nothing was edited."""
    return restored(plain_parts(written, ontology, layers), ours(written.instance.extra).get("parts", {}))


# --- classifications -----------------------------------------------------------------------------


def plain_answer(written: Written, ontology: Ontology, layers: Layers) -> dict[str, Any]:
    """Return a classification's entry in `classification_answers` as the SDK spells it."""
    instance, label = written.instance, written.first()
    spaces = {
        layers.space_of(unit): {"range": [list(r) for r in track.ranges()], "type": "frame"}
        for unit, track in written.tracks
        if layers.space_of(unit)
    }
    own = [r for unit, track in written.tracks if not layers.space_of(unit) for r in track.ranges()]
    head = {
        "classifications": write_static(instance.answers, ontology.find(instance.class_id), ontology),
        "classificationHash": written.hash,
        "featureHash": str(instance.class_id),
        "spaces": spaces,
        "range": [list(r) for r in joined_ranges(own)],
    }
    return head | (_who(label) if label else _maker(instance))


def _who(label: Label) -> dict[str, Any]:
    metadata = write_metadata(label)
    return {
        "createdBy": metadata["createdBy"],
        "createdAt": metadata["createdAt"],
        "lastEditedBy": metadata.get("lastEditedBy"),
        "lastEditedAt": metadata["lastEditedAt"],
        "confidence": metadata["confidence"],
        "manualAnnotation": metadata["manualAnnotation"],
    }


def _maker(instance: Instance) -> dict[str, Any]:
    made = format_ms(instance.created_ms)
    return {
        "createdBy": instance.created_by or None,
        "createdAt": made,
        "lastEditedBy": None,
        "lastEditedAt": made,
        "confidence": 1.0,
        "manualAnnotation": True,
    }


def classification_answer(written: Written, ontology: Ontology, layers: Layers) -> dict[str, Any] | None:
    """Return a classification's answers entry; None where the source had none and nothing was edited."""
    parts = {"answer": plain_answer(written, ontology, layers)}
    return restored(parts, ours(written.instance.extra).get("parts", {})).get("answer")


def frames_mark(written: Written) -> str:
    """Return a digest of the frames on which an instance stands: tells whether they were edited."""
    return digest([[list(r) for r in track.ranges()] for _, track in written.tracks])


def unlisted_frames(written: Written) -> dict[int, set[int]]:
    """Return, by position of the unit, the frames whose lists don't name the classification.

    Sources of one generation keep the placement in `range` only. Once the frames were edited, all are listed.
    """
    found = ours(written.instance.extra).get("unlisted")
    if not found or found["mark"] != frames_mark(written):
        return {}
    return {
        int(row): {f for first, last in ranges for f in range(first, last + 1)}
        for row, ranges in found["ranges"].items()
    }


def in_order(instances: Iterable[Written], ontology: Ontology) -> list[Written]:
    """Return instances by class in the ontology's order, then by number, then by hash."""
    rank = {c.id: n for n, c in enumerate(ontology.all())}
    key: Callable[[Written], Any] = lambda w: (rank.get(w.instance.class_id, len(rank)), w.instance.ordinal, w.hash)  # noqa: E731 - typed
    return sorted(instances, key=key)


def is_classification(written: Written, ontology: Ontology) -> bool:
    """Return whether an instance is of a classification; one of an unknown class is told by its labels."""
    kind = ontology.find(written.instance.class_id)
    if kind is None:
        return bool(written.tracks) and written.tracks[0][1].kind is ShapeKind.PRESENCE
    return isinstance(kind, Classification)
