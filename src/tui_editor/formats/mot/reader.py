"""Reads MOTChallenge files: each sequence is a task with one data unit."""

from __future__ import annotations

import os
from collections import defaultdict
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec
import numpy as np
from msgspec.structs import replace

from tui_editor.errors import FormatError
from tui_editor.formats.json_input import place
from tui_editor.formats.losses import LossLog
from tui_editor.formats.mot.rows import PEDESTRIAN, Rows, read_rows
from tui_editor.formats.mot.sequence import class_names, pictures_of, sequences_in
from tui_editor.model.columns import Geometry, ragged
from tui_editor.model.document import make_document
from tui_editor.model.frames import UNTRACKED, MediaRef, Unit, UnitKind
from tui_editor.model.ids import ClassId, InstanceId, TaskId, UnitId, new_id
from tui_editor.model.instances import Instance
from tui_editor.model.ontology import PALETTE, ObjectClass, Ontology
from tui_editor.model.project import Task
from tui_editor.model.shapes import ShapeKind
from tui_editor.model.tracks import Track, track_from_columns
from tui_editor.ports import ImportedTask, Loss

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from tui_editor.formats.mot.sequence import MotSequence
    from tui_editor.ports import ImportOptions

EXTRA: Final = "mot"
"""Key of `extra` mappings under which this format keeps what it needs to write a file back."""
IGNORED: Final = {EXTRA: {"iscrowd": 1}}
"""Of instances whose lines are flagged to be left out of evaluations."""


class Group(NamedTuple):
    """The lines of one instance."""

    identity: int
    klass: int
    ignored: bool
    rows: NDArray[np.intp]
    """By frame."""


class MotSource:
    """Sequences that were opened for reading: an `ImportSource`.

    Args:
        path: A label file, a sequence's folder, or a folder of either.
        options: Where the pictures lie.

    Raises:
        FormatError: there is no such file.
    """

    def __init__(self, path: Path, options: ImportOptions) -> None:
        self._options = options
        self._sequences = sequences_in(path)
        if not self._sequences:
            raise FormatError("no MOTChallenge file is in this folder", where=place(path))
        self._log = LossLog()
        self._rows: dict[int, Rows] = {}

    @cached_property
    def root_dir(self) -> Path:
        """Return the folder above the pictures of all sequences."""
        found = [str(pictures_of(s, self._options.media_dir)[1]) for s in self._sequences]
        return Path(os.path.commonpath(found))

    @property
    def total(self) -> int:
        """Return the number of sequences."""
        return len(self._sequences)

    @cached_property
    def ontology(self) -> Ontology:
        """Return the classes that lines name, by number; raises `FormatError`."""
        known: dict[str, ObjectClass] = {}
        for number in range(len(self._sequences)):
            names = class_names(self._sequences[number].file)
            for klass in np.unique(self._read(number).klass).tolist():
                name = name_of(names, klass)
                known.setdefault(name, _class(name, klass))
        return Ontology(classes=tuple(known.values()))

    def losses(self) -> Sequence[Loss]:
        """Return what is not there beside the label files."""
        return self._log.losses()

    def tasks(self) -> Iterator[ImportedTask]:
        """Yield a task for each sequence."""
        for number, sequence in enumerate(self._sequences):
            rows = self._read(number, keep=False)
            unit = self._unit(sequence, rows)
            task = Task(id=TaskId(new_id()), title=sequence.title, units=(unit,), source_format=EXTRA)
            instances, tracks = _labels(rows, class_names(sequence.file), int(unit.extra[EXTRA]["first"]))
            named = {(key, unit.id): track for key, track in tracks.items()}
            yield ImportedTask(task=task, document=make_document(instances=instances, tracks=named))

    def _read(self, number: int, *, keep: bool = True) -> Rows:
        """Return a sequence's lines; of a single one they are kept between the ontology and the task."""
        rows = self._rows.pop(number, None) or read_rows(self._sequences[number].file)
        if keep and len(self._sequences) == 1:
            self._rows[number] = rows
        return rows

    def _unit(self, sequence: MotSequence, rows: Rows) -> Unit:
        kind, root, paths = pictures_of(sequence, self._options.media_dir)
        if not paths:
            self._log.add("pictures not found beside the label file", str(sequence.file))
        first = 0 if len(rows.frame) and int(rows.frame.min()) == 0 else 1
        prefix = root.relative_to(self.root_dir).as_posix() if paths else "."
        placed = tuple(paths if prefix == "." else (f"{prefix}/{path}" for path in paths))
        labelled = int(rows.frame.max()) - first + 1 if len(rows.frame) else 0
        count = len(paths) if kind is UnitKind.IMAGE_SEQUENCE else sequence.info.length or (0 if paths else labelled)
        loose = bool(len(rows.frame)) and bool((rows.identity < 0).all())
        return Unit(
            id=UnitId(new_id()),
            kind=kind,
            title=sequence.title,
            media=MediaRef(root=self._options.root, paths=placed),
            frame_count=count,
            width=sequence.info.width,
            height=sequence.info.height,
            fps=sequence.info.fps,
            extra={EXTRA: {"first": first}, **({UNTRACKED: True} if loose else {})},
        )


def name_of(names: Sequence[str], klass: int) -> str:
    """Return the name of a class by its number."""
    return (names[klass - 1] if 0 < klass <= len(names) else "") or f"class {klass}"


def _class(name: str, number: int) -> ObjectClass:
    key = blake2b(repr((EXTRA, name)).encode("utf-8", "surrogatepass"), digest_size=5).hexdigest()
    color = PALETTE[(number - PEDESTRIAN) % len(PALETTE)]
    return ObjectClass(id=ClassId(key), name=name, color=color, shape=ShapeKind.BOX, extra={EXTRA: number})


# --- labels -------------------------------------------------------------------------------------------


def _labels(rows: Rows, names: Sequence[str], first: int) -> tuple[list[Instance], dict[InstanceId, Track]]:
    ordinals: defaultdict[ClassId, int] = defaultdict(int)
    instances, tracks = [], {}
    columns = _Columns(rows, first)
    for group in groups(rows, columns.flags):
        key = InstanceId(new_id())
        class_id = _class(name_of(names, group.klass), group.klass).id
        instances.append(
            Instance(
                id=key,
                class_id=class_id,
                ordinal=ordinals[class_id],
                source_id=str(group.identity) if group.identity >= 0 else "",
                extra=IGNORED if group.ignored else {},
            )
        )
        ordinals[class_id] += 1
        tracks[key] = columns.track(group.rows)
    return instances, tracks


class _Columns:
    """The lines as columns of labels."""

    def __init__(self, rows: Rows, first: int) -> None:
        given = rows.confidence[rows.confidence != -1]
        self.flags = bool(len(given)) and bool(np.isin(rows.confidence, (0, 1)).all())
        """Whether the confidence says which lines count, as in ground truth."""
        self._frames = (rows.frame - first).astype(np.int32)
        self._boxes = rows.box - [1, 1, 0, 0]
        scored = (rows.confidence >= 0) & (rows.confidence <= 1) & (not self.flags)
        self._confidence = np.where(scored, rows.confidence, 1.0).astype(np.float32)
        self._tail = rows.tail

    def track(self, rows: NDArray[np.intp]) -> Track:
        """Return the labels of some lines."""
        made = track_from_columns(
            self._frames[rows], Geometry(ShapeKind.BOX, self._boxes[rows]), confidence=self._confidence[rows]
        )
        tails = [self._tail[row] for row in rows.tolist()]
        if not any(tails):
            return made
        kept = [np.frombuffer(_kept(tail), np.uint8) for tail in tails]
        return replace(made, extra=ragged(kept, np.uint8))


def _kept(tail: bytes) -> bytes:
    return msgspec.json.encode({EXTRA: tail.decode("ascii", "replace")})


def groups(rows: Rows, flags: bool) -> Iterator[Group]:
    """Yield the lines of each instance, by identity and class.

    Lines without an identity are instances of their own, and so are those that repeat an identity on one frame.

    Args:
        rows: Of a file.
        flags: Whether the confidence says which lines count.
    """
    n = len(rows.frame)
    ignored = (rows.confidence == 0) & flags
    identity = np.where(rows.identity < 0, -1 - np.arange(n), rows.identity)
    order = np.lexsort((rows.frame, ignored, rows.klass, identity))
    keys = np.column_stack([identity, rows.klass, ignored])[order]
    turn = _turns(keys, rows.frame[order])
    again = np.lexsort((np.arange(n), turn, *keys.T[::-1]))
    order, keys = order[again], np.column_stack([keys, turn])[again]
    cuts = np.flatnonzero((np.diff(keys, axis=0) != 0).any(axis=1)) + 1
    loose: list[Group] = []
    named: list[Group] = []
    for part in np.split(order, cuts) if n else ():
        head = int(part[0])
        group = Group(int(rows.identity[head]), int(rows.klass[head]), bool(ignored[head]), part)
        (named if group.identity >= 0 else loose).append(group)
    yield from named
    yield from sorted(loose, key=lambda g: (int(rows.frame[g.rows[0]]), int(g.rows[0])))


def _turns(keys: NDArray[np.int64], frames: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for each line how many before it have its key and frame; both are sorted."""
    n = len(frames)
    new = np.ones(n, bool)
    if n:
        new[1:] = (np.diff(keys, axis=0) != 0).any(axis=1) | (np.diff(frames) != 0)
    start = np.maximum.accumulate(np.where(new, np.arange(n), 0)) if n else np.empty(0, np.int64)
    return np.arange(n) - start
