"""Reads one label row as a task. An odd part is kept unread and reported; the rest of the row stays usable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from tui_editor.errors import InvalidShape
from tui_editor.formats.encord.answers import OddAnswer, Range, read_dynamic, read_ranges, read_static
from tui_editor.formats.encord.geometry import OddGeometry
from tui_editor.formats.encord.instances import (
    SHARED_RANGE_KEYS,
    Layers,
    Written,
    frames_mark,
    in_order,
    plain_answer,
    plain_parts,
)
from tui_editor.formats.encord.labels import (
    Holder,
    plain_entry,
    plain_object,
    read_metadata,
    read_object,
    read_presence,
    with_residue,
)
from tui_editor.formats.encord.names import wrapped
from tui_editor.formats.encord.residue import residue
from tui_editor.formats.encord.things import Thing, entry_label, frame_order, made_by, priority_of, runs, with_extra
from tui_editor.formats.encord.units import FRAME_LIMIT, RANGED_ROWS, STILLS, FrameBlob, UnitPlan, plan_units
from tui_editor.model.document import make_document
from tui_editor.model.ids import ClassId, InstanceId, TaskId, UnitId, new_id
from tui_editor.model.instances import Instance
from tui_editor.model.ontology import Classification, ObjectClass, Ontology
from tui_editor.model.project import Task
from tui_editor.model.shapes import Verbatim
from tui_editor.model.tracks import make_track
from tui_editor.ports import ImportedTask

if TYPE_CHECKING:
    from tui_editor.formats.encord.media_paths import MediaFinder
    from tui_editor.formats.encord.places import Place
    from tui_editor.formats.losses import LossLog

TABLES = ("object_answers", "classification_answers", "object_actions")
_MODELLED = {*TABLES, "data_units", "spaces"}


class RowReader:
    """Reads one row.

    Args:
        ontology: Has every class that the rows use.
        finder: Where media lie.
        losses: Takes what is kept but not shown.
    """

    def __init__(self, ontology: Ontology, finder: MediaFinder, losses: LossLog) -> None:
        self._ontology = ontology
        self._finder = finder
        self._losses = losses

    def read(self, row: dict[str, Any], place: Place) -> ImportedTask:
        """Return the task of a row.

        Raises:
            FormatError: the row's frame is broken: `data_units`, `labels` or an answers table of a wrong type.
        """
        return _Reading(row, place, self._ontology, finder=self._finder, losses=self._losses).task()


class _Reading:
    def __init__(
        self, row: dict[str, Any], place: Place, ontology: Ontology, *, finder: MediaFinder, losses: LossLog
    ) -> None:
        self._row, self._place, self._ontology, self._losses = row, place, ontology, losses
        self._tables = {name: place.member(row, name, dict, {}) for name in TABLES}
        self._plans, self._kept = plan_units(row, place, finder)
        self._objects: dict[str, Thing] = {}
        self._statements: dict[str, Thing] = {}
        self._notes: dict[tuple[int, int], dict[str, Any]] = {}
        ranged = self._plans[0].unit.id if str(row.get("data_type")) in RANGED_ROWS else None
        self._layers = Layers(
            {p.unit.id: p.space for p in self._plans if p.space}, frozenset({ranged} if ranged else ())
        )
        for key in self._kept.get("spaces", {}):
            self._lost("space kept but not shown", place.at("spaces", key))

    def _lost(self, what: str, place: Place, count: int = 1) -> None:
        self._losses.add(what, str(place), count)

    def task(self) -> ImportedTask:
        for number, plan in enumerate(self._plans):
            for blob in plan.frames:
                self._frame(number, plan, blob)
            if plan.size(0) == (1, 1) and any(blob.blob.get("objects") for blob in plan.frames):
                self._lost("size of a frame unknown: its labels stay relative", plan.frames[0].place)
            if "odd_frames" in plan.kept:
                self._lost("frame without a number kept but not shown", self._place, len(plan.kept["odd_frames"]))
        self._ranged_objects()
        self._placements()
        written = [w for things in (self._objects, self._statements) for w in self._instances(things)]
        self._note_frames(written)
        return self._assemble(written)

    # --- frames ----------------------------------------------------------------------------------

    def _frame(self, number: int, plan: UnitPlan, blob: FrameBlob) -> None:
        objects = blob.place.member(blob.blob, "objects", list, [])
        entries = blob.place.member(blob.blob, "classifications", list, [])
        unread = {
            "objects": [o for n, o in enumerate(objects) if not self._object(plan, blob, n, o)],
            "classifications": [o for n, o in enumerate(entries) if not self._entry(plan, blob, n, o)],
        }
        note: dict[str, Any] = {
            "keep": {k: v for k, v in blob.blob.items() if k not in unread},
            "missing": [k for k in unread if k not in blob.blob],
            "unread": {k: v for k, v in unread.items() if v},
        }
        self._notes[number, blob.frame] = {k: v for k, v in note.items() if v}

    def _object(self, plan: UnitPlan, blob: FrameBlob, row: int, source: Any) -> bool:
        place = blob.place.at("objects", row)
        thing = self._thing(source, "objectHash", self._objects, ObjectClass, place=place)
        if thing is None:
            return False
        assert isinstance(thing.kind, ObjectClass), "asked for above"
        size = plan.size(blob.frame)
        try:
            label = read_object(source, blob.frame, thing.kind, size, moving=plan.moving)
            written = plain_object(label, Holder(thing.hash, thing.kind), size)
        except (OddGeometry, InvalidShape):
            self._lost("label with unreadable geometry kept but not shown", place)
            return False
        label = with_residue(label, source, written)
        if not thing.put(plan.unit.id, label):
            self._lost("second label of an instance on a frame kept but not shown", place)
            return False
        if isinstance(label.shape, Verbatim):
            self._lost(f"{thing.kind.foreign_shape} shown read-only", place)
        return True

    def _entry(self, plan: UnitPlan, blob: FrameBlob, row: int, source: Any) -> bool:
        place = blob.place.at("classifications", row)
        thing = self._thing(source, "classificationHash", self._statements, Classification, place=place)
        if thing is None:
            return False
        answer = self._tables["classification_answers"].get(thing.hash)
        label = entry_label(source, answer, blob.frame, moving=plan.moving)
        label = with_residue(label, source, plain_entry(label, Holder(thing.hash, thing.kind)))
        if not thing.put(plan.unit.id, label):
            self._lost("second label of an instance on a frame kept but not shown", place)
            return False
        thing.listed.setdefault(plan.unit.id, set()).add(blob.frame)
        return True

    def _thing(self, source: Any, key: str, things: dict[str, Thing], wanted: type, *, place: Place) -> Thing | None:
        """Return the instance that a label belongs to; None when it can't be told."""
        name, feature = (source.get(k) if isinstance(source, dict) else None for k in (key, "featureHash"))
        if not isinstance(name, str) or not isinstance(feature, str):
            self._lost("label without hashes kept but not shown", place)
            return None
        kind = self._ontology.find(ClassId(feature))
        if not isinstance(kind, wanted):
            self._lost("label of an unknown class kept but not shown", place)
            return None
        assert isinstance(kind, ObjectClass | Classification), "one of the two was wanted"
        thing = things.get(name) or Thing(name, kind)
        if thing.kind is not kind:
            self._lost("label of another class than its instance kept but not shown", place)
            return None
        return things.setdefault(name, thing)

    # --- labels without frame objects ------------------------------------------------------------

    def _ranged_objects(self) -> None:
        """Read audio and text ranges, which live in `object_answers`."""
        if not self._layers.ranged:
            return
        plan = self._plans[0]
        for key, answer in self._tables["object_answers"].items():
            place = self._place.at("object_answers", key)
            raw = {k: answer[k] for k in SHARED_RANGE_KEYS if isinstance(answer, dict) and k in answer}
            if not raw:
                continue
            source = {"objectHash": key, **answer}
            thing = self._thing(source, "objectHash", self._objects, ObjectClass, place=place)
            if thing is not None:
                shape = Verbatim(msgspec.json.encode(raw))
                thing.put(plan.unit.id, read_metadata(answer, 0, shape, moving=False))
                self._lost(f"{answer.get('shape', 'range')} range shown read-only", place)

    def _placements(self) -> None:
        """Add the frames that `classification_answers` name: the union with the frames' own lists counts."""
        for key, answer in self._tables["classification_answers"].items():
            place = self._place.at("classification_answers", key)
            if not isinstance(answer, dict):
                continue
            thing = self._thing({"classificationHash": key, **answer}, "classificationHash", self._statements,
                                Classification, place=place)  # fmt: skip
            if thing is None:
                continue
            try:
                self._place_answer(thing, answer)
            except OddAnswer:
                self._lost("classification with an unreadable range", place)
            assert isinstance(thing.kind, Classification), "asked for above"
            if not any(thing.labels.values()) and not thing.kind.is_global:
                del self._statements[key]
                self._lost("classification on no frame kept but not shown", place)

    def _place_answer(self, thing: Thing, answer: dict[str, Any]) -> None:
        root = next((p for p in self._plans if p.space == "root"), self._plans[0])
        if self._layers.ranged:
            self._hold(thing, root, [(0, 0)], answer)
        elif not root.space or root.space == "root":
            self._hold(thing, root, read_ranges(answer.get("range") or []), answer)
        spaces = answer.get("spaces")
        for plan in self._plans:
            part = spaces.get(plan.space) if plan.space and isinstance(spaces, dict) else None
            if isinstance(part, dict):
                self._hold(thing, plan, read_ranges(part.get("range") or []), answer)

    def _hold(self, thing: Thing, plan: UnitPlan, ranges: list[Range], answer: dict[str, Any]) -> None:
        if sum(last - first + 1 for first, last in ranges) > FRAME_LIMIT:
            raise OddAnswer("a range has too many frames")
        for first, last in ranges:
            for frame in range(first, last + 1):
                thing.put(plan.unit.id, read_presence(answer, frame, moving=plan.moving))

    # --- instances -------------------------------------------------------------------------------

    def _instances(self, things: dict[str, Thing]) -> list[Written]:
        numbers = self._numbers(things)
        return [self._instance(thing, numbers[thing.hash]) for thing in things.values()]

    def _numbers(self, things: dict[str, Thing]) -> dict[str, int]:
        """Return each instance's number: the source's, else the next free one of its class."""
        answers = self._tables["object_answers"]
        told: dict[str, int] = {}
        free: dict[ClassId, int] = {}
        for key, thing in things.items():
            number = answers[key].get("objectNumber") if isinstance(answers.get(key), dict) else None
            if isinstance(thing.kind, ObjectClass) and type(number) is int and 0 <= number < 2**31:
                told[key] = number
                free[thing.kind.id] = max(free.get(thing.kind.id, 0), number + 1)
        for key, thing in things.items():
            if key not in told:
                told[key] = free.get(thing.kind.id, 0)
                free[thing.kind.id] = told[key] + 1
        return told

    def _instance(self, thing: Thing, ordinal: int) -> Written:
        tracks = tuple((u, make_track(list(labels.values()))) for u, labels in thing.labels.items() if labels)
        first = tracks[0][1].label(0) if tracks else None
        plain = Instance(
            id=InstanceId(new_id()),
            class_id=thing.kind.id,
            ordinal=ordinal,
            source_id=thing.hash,
            created_by=str(first.author) if first else "",
            created_ms=first.created_ms if first else 0,
        )
        if isinstance(thing.kind, Classification):
            return self._with_answer(Written(plain, thing.hash, tracks), thing)
        return self._with_parts(Written(plain, thing.hash, tracks))

    def _source(self, table: str, key: str) -> dict[str, Any] | None:
        found = self._tables[table].get(key)
        return found if isinstance(found, dict) else None

    def _static(self, instance: Instance, source: dict[str, Any] | None, place: Place) -> Instance:
        entries = source.get("classifications") if source else None
        answers, odd = read_static(entries if isinstance(entries, list) else (), self._ontology)
        if odd:
            self._lost("answer that is not in the ontology kept but not shown", place, odd)
        return replace(instance, answers=answers) if answers else instance

    def _with_parts(self, written: Written) -> Written:
        """Return an object with its answers and actions, and what those say besides."""
        key = written.hash
        answer, action = self._source("object_answers", key), self._source("object_actions", key)
        instance = self._static(written.instance, answer, self._place.at("object_answers", key))
        entries = action.get("actions") if action else None
        dynamic, odd = read_dynamic(
            entries if isinstance(entries, list) else (), self._ontology, self._unit_of(written)
        )
        if odd:
            self._lost("answer that is not in the ontology kept but not shown",
                       self._place.at("object_actions", key), odd)  # fmt: skip
        instance = replace(instance, dynamic=dynamic) if dynamic else instance
        done = replace(written, instance=instance)
        source = {k: v for k, v in (("answer", answer), ("action", action)) if v is not None}
        rest = residue(source, plain_parts(done, self._ontology, self._layers))
        return with_extra(done, {"parts": rest} if rest else {})

    def _unit_of(self, written: Written) -> Any:
        own = [unit for unit, _ in written.tracks]
        by_space = {space: unit for unit, space in self._layers.spaces.items()}

        def unit_of(entry: dict[str, Any]) -> UnitId | None:
            space = entry.get("spaceId")
            if isinstance(space, str):
                return by_space.get(space)
            return own[0] if own else None

        return unit_of

    def _with_answer(self, written: Written, thing: Thing) -> Written:
        """Return a classification with its answers, and what its entry and the frames' lists say besides."""
        answer = self._source("classification_answers", thing.hash)
        place = self._place.at("classification_answers", thing.hash)
        instance = self._static(written.instance, answer, place)
        done = replace(written, instance=made_by(instance, answer, alone=not written.tracks))
        source = {"answer": answer} if answer is not None else {}
        rest = residue(source, {"answer": plain_answer(done, self._ontology, self._layers)})
        part: dict[str, Any] = {"parts": rest} if rest else {}
        unlisted = {
            str(row): runs(sorted(set(track.frames.tolist()) - thing.listed.get(unit, set())))
            for row, (unit, track) in enumerate(written.tracks)
        }
        if any(unlisted.values()):
            ranges = {row: found for row, found in unlisted.items() if found}
            part["unlisted"] = {"mark": frames_mark(done), "ranges": ranges}
        return with_extra(done, part)

    # --- the whole -------------------------------------------------------------------------------

    def _note_frames(self, written: list[Written]) -> None:
        """Keep, for each frame, what its lists say otherwise than those that we would write."""
        rank = {w.hash: n for n, w in enumerate(in_order(written, self._ontology))}
        for number, plan in enumerate(self._plans):
            used = {f for w in written for u, t in w.tracks if u == plan.unit.id for f in t.frames.tolist()}
            notes: dict[str, Any] = {}
            for blob in plan.frames:
                note = self._notes[number, blob.frame]
                order = frame_order(blob.blob, note, rank)
                note |= {"order": order} if order else {}
                if note or blob.frame not in used:
                    notes[str(blob.frame)] = note
            if plan.unit.kind in STILLS and not plan.space:  # every still has its lists, labels or not
                notes = {k: v for k, v in notes.items() if v}
            plan.kept |= {"frames": notes} if notes else {}

    def _assemble(self, written: list[Written]) -> ImportedTask:
        last: dict[UnitId, int] = {}
        for item in written:
            for unit, track in item.tracks:
                last[unit] = max(last.get(unit, -1), int(track.frames[-1]))
        units = tuple(plan.finished(last.get(plan.unit.id, -1)) for plan in self._plans)
        metadata = self._row.get("client_metadata")
        if isinstance(metadata, dict) and metadata:
            units = (replace(units[0], metadata=metadata), *units[1:])
        known = {w.hash for w in written}
        orphans = {
            name: rest
            for name, table in self._tables.items()
            if (rest := {k: v for k, v in table.items() if k not in known or not isinstance(v, dict)})
        }
        for name, rest in orphans.items():
            self._lost("answers without a label kept but not shown", self._place.at(name), len(rest))
        kept = {
            "row": {k: v for k, v in self._row.items() if k not in _MODELLED},
            "missing": [k for k in sorted(_MODELLED) if k not in self._row],
            "orphans": orphans,
            **self._kept,
        }
        title = self._row.get("data_title") or self._row.get("data_hash") or units[0].title
        task = Task(
            id=TaskId(new_id()),
            title=str(title),
            units=units,
            priority=priority_of(self._row.get("priority")),
            source_format="encord",
            extra=wrapped({k: v for k, v in kept.items() if v}),
        )
        tracks = {(w.instance.id, unit): track for w in written for unit, track in w.tracks}
        return ImportedTask(task=task, document=make_document(instances=[w.instance for w in written], tracks=tracks))
