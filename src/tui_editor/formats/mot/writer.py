"""Writes tasks as MOTChallenge text: one file, or a folder of sequences."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from tui_editor.errors import FormatError
from tui_editor.formats.atomic import whole_file
from tui_editor.formats.json_input import place
from tui_editor.formats.losses import LossLog
from tui_editor.formats.mot.reader import EXTRA
from tui_editor.formats.mot.rows import has_class
from tui_editor.formats.mot.sequence import NAMES
from tui_editor.model.frames import UnitKind
from tui_editor.model.shapes import Box, ShapeKind
from tui_editor.ports import ExportReport

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.frames import Unit
    from tui_editor.model.ids import ClassId
    from tui_editor.model.instances import Instance
    from tui_editor.model.ontology import Ontology
    from tui_editor.model.project import Project
    from tui_editor.model.tracks import Label, Track
    from tui_editor.ports import ImportedTask

_DECIMALS = 9
"""Of coordinates: what was read is written back digit for digit."""
_UNSAFE = re.compile(r"[^\w.+-]+")


def write(project: Project, tasks: Iterable[ImportedTask], target: Path) -> ExportReport:
    """Write the file `target` when it ends with `.txt`, else `target/SEQUENCE/gt/gt.txt` with the names of classes.

    Raises:
        FormatError: a file is asked for, and there are several data units.
    """
    run = _Run(project.ontology)
    single = target.suffix.lower() == ".txt"
    items = [(item, unit) for item in tasks for unit in item.task.units]
    if single and len(items) != 1:
        hint = "name a folder: each sequence gets one of its own in it"
        raise FormatError(f"one file holds one sequence, and there are {len(items)}", where=place(target), hint=hint)
    names: set[str] = set()
    for item, unit in items:
        file = target if single else target / _free_name(unit.title, names) / "gt" / "gt.txt"
        run.file(file, item, unit)
        if not single:
            run.info_above(file, unit)
        if not single or run.has_own_names:
            run.names_beside(file)
    return ExportReport(
        files=tuple(run.files),
        tasks=len({id(item) for item, _ in items}),
        labels=run.labels,
        losses=run.log.losses(),
    )


def _free_name(title: str, used: set[str]) -> str:
    base = _UNSAFE.sub("_", title.rpartition("/")[2]).strip("._") or "sequence"
    name = next(n for k in range(len(used) + 1) if (n := f"{base}-{k + 1}" if k else base) not in used)
    used.add(name)
    return name


class _Run:
    """One export."""

    def __init__(self, ontology: Ontology) -> None:
        self.log = LossLog()
        self.files: list[Path] = []
        self.labels = 0
        boxes = [c for c in ontology.classes if c.shape is ShapeKind.BOX]
        known = {c.id: int(n) for c in boxes if isinstance(n := c.extra.get(EXTRA), int)}
        self._named = {c.id: c.name for c in boxes}
        fitting = len(known) == len(boxes) == len(set(known.values()))
        self._numbers: Mapping[ClassId, int] = (
            known if fitting else {c.id: number for number, c in enumerate(boxes, start=1)}
        )
        standard = dict(enumerate(NAMES, start=1))
        self.has_own_names = any(standard.get(n) != self._named[key] for key, n in self._numbers.items())
        """Whether the classes are not those that MOT16 numbers."""

    def names_beside(self, file: Path) -> None:
        """Write `labels.txt`: the classes by number."""
        by_number = {number: self._named[key] for key, number in self._numbers.items()}
        lines = [by_number.get(n, "") for n in range(1, max(by_number, default=0) + 1)]
        with whole_file(file.with_name("labels.txt")) as out:
            for line in lines:
                out.write(" ".join(line.split()).encode("utf-8", "replace") + b"\n")
        self.files.append(file.with_name("labels.txt"))

    def info_above(self, file: Path, unit: Unit) -> None:
        """Write `seqinfo.ini`: what is known of the sequence."""
        facts: dict[str, object] = {"name": " ".join(unit.title.split())}
        paths = unit.media.paths
        if unit.kind is UnitKind.IMAGE_SEQUENCE and paths:
            facts["imDir"], facts["imExt"] = PurePosixPath(paths[0]).parent.name, PurePosixPath(paths[0]).suffix
        numbers = {"frameRate": unit.fps, "seqLength": unit.frame_count, "imWidth": unit.width, "imHeight": unit.height}
        facts.update({key: f"{value:g}" if key == "frameRate" else value for key, value in numbers.items() if value})
        path = file.parent.parent / "seqinfo.ini"
        with whole_file(path) as out:
            text = "[Sequence]\n" + "".join(f"{key}={value}\n" for key, value in facts.items() if value)
            out.write(text.encode("utf-8", "replace"))
        self.files.append(path)

    def file(self, file: Path, item: ImportedTask, unit: Unit) -> None:
        """Write a data unit's boxes by frame and identity."""
        kept = unit.extra.get(EXTRA)
        first = kept.get("first", 1) if isinstance(kept, dict) else 1
        found = sorted(self._lines(item.document, unit, int(first)))
        with whole_file(file) as out:
            for frame, _, rest in found:
                out.write(f"{frame},{rest}\n".encode("ascii", "replace"))
        self.files.append(file)
        self.labels += len(found)

    def _lines(self, document: LabelDocument, unit: Unit, first: int) -> Iterator[tuple[int, int, str]]:
        used = _taken(document)
        for instance in sorted(document.instances.values(), key=lambda i: (i.class_id, i.ordinal, i.id)):
            track = document.track(instance.id, unit.id)
            if track is None:
                self._without_labels(instance, document)
                continue
            if track.kind is not ShapeKind.BOX:
                self.log.add(f"{track.kind} left out: only boxes can be written", unit.title, len(track))
                continue
            if instance.answers or instance.dynamic:
                self.log.add("answers", unit.title)
            yield from self._of_track(instance, track, first, _identity(instance, used, loose=_is_loose(track)))

    def _without_labels(self, instance: Instance, document: LabelDocument) -> None:
        if not document.units_of.get(instance.id):
            self.log.add("object without labels", str(instance.class_id))

    def _of_track(self, instance: Instance, track: Track, first: int, identity: int) -> Iterator[tuple[int, int, str]]:
        number, ignored = self._numbers.get(instance.class_id, 1), "iscrowd" in (instance.extra.get(EXTRA) or {})
        for label in track.labels():
            assert isinstance(label.shape, Box)
            box = label.shape
            numbers = (box.x + 1, box.y + 1, box.width, box.height)
            text = ",".join(_text(value) for value in numbers)
            yield (
                label.frame + first,
                identity,
                f"{identity},{text},{_tail(label, number, ignored=ignored)}".rstrip(","),
            )


def _text(value: float) -> str:
    rounded = round(value, _DECIMALS)
    return str(int(rounded)) if rounded == rounded // 1 and abs(rounded) < 1e15 else repr(rounded)


def _tail(label: Label, number: int, *, ignored: bool) -> str:
    """Return what follows the box: what was read, with the class that the object has."""
    kept = label.extra.get(EXTRA)
    if not isinstance(kept, str):
        confidence = "0" if ignored else _text(round(label.confidence, 6))
        return f"{confidence},{number},1"
    if not has_class(kept.encode("ascii", "replace")):
        return kept
    columns = kept.split(",")
    with suppress(ValueError):
        if int(float(columns[1])) != number:
            columns[1] = str(number)
    return ",".join(columns)


def _taken(document: LabelDocument) -> set[int]:
    """Return the identities that objects brought from their source."""
    return {int(i.source_id) for i in document.instances.values() if i.source_id.isascii() and i.source_id.isdigit()}


def _is_loose(track: Track) -> bool:
    """Return whether a track was read from a line without an identity."""
    return len(track) == 1 and EXTRA in track.label(0).extra


def _identity(instance: Instance, used: set[int], *, loose: bool) -> int:
    if instance.source_id.isascii() and instance.source_id.isdigit() and len(instance.source_id) < 10:
        return int(instance.source_id)
    if loose and not instance.source_id:
        return -1
    number = max(used, default=0) + 1
    used.add(number)
    return number
