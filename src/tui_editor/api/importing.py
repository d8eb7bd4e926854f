"""Bring a data set into a project: find its format, complete its media, keep its tasks."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from itertools import count
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from tui_editor.errors import MediaError
from tui_editor.model.frames import UnitKind
from tui_editor.model.ids import TaskId, new_id
from tui_editor.ports import ImportOptions, Loss

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from tui_editor.api.project import Project
    from tui_editor.model.frames import Unit
    from tui_editor.ports import ImportedTask


_COUNTED_BITS = 24
_COUNTED = (1 << _COUNTED_BITS) - 1


class ImportReport(Struct, frozen=True, kw_only=True):
    """What an import brought, and what it could not carry."""

    format: str
    tasks: int
    labels: int
    losses: tuple[Loss, ...]


def import_data(
    project: Project,
    path: Path,
    format_name: str = "",
    options: ImportOptions | None = None,
    progress: Callable[[int, int | None], None] | None = None,
    *,
    in_order: bool = False,
) -> ImportReport:
    """Read a data set into a project; all of it or, after an error, nothing.

    The queue lists tasks of one priority in a random order, the same for everybody; with `in_order` in the data set's.

    Raises:
        FormatError: the path can't be read as the format.
        MediaError: the path is a single medium, and it can't be opened. In a data set that is a loss.
        FormatUnknown: no format is surely the right one; the hint names the candidates.
    """
    from tui_editor.formats.registry import choose

    chosen = choose(path, format_name)
    given = options or ImportOptions()
    source = chosen.read(path, given)
    root = project.add_root(source.root_dir)
    if root != given.root:
        source = chosen.read(path, replace(given, root=root))
    project.merge_ontology(source.ontology)
    must = chosen.name == "media" and path.is_file()
    completing = Completing({root: source.root_dir}, must=must, shuffled=not in_order)
    seen = _Seen(progress, source.total)
    added = project.store.add_tasks(seen.watch(completing.over(source.tasks())), project.person)
    project.merge_ontology(source.ontology)  # some formats know all their classes only at the end
    return ImportReport(
        format=chosen.name,
        tasks=added,
        labels=seen.labels,
        losses=merged((*source.losses(), *completing.losses)),
    )


class _Seen:
    """Counts what passes."""

    def __init__(self, progress: Callable[[int, int | None], None] | None, total: int | None) -> None:
        self._progress = progress
        self._total = total
        self.labels = 0

    def watch(self, tasks: Iterator[ImportedTask]) -> Iterator[ImportedTask]:
        for number, item in enumerate(tasks, start=1):
            self.labels += item.label_count
            if self._progress is not None:
                self._progress(number, self._total)
            yield item


class Completing:
    """Asks the media for the sizes and frame counts that a label file does not tell.

    Args:
        roots: Folder of each media root.
        must: Whether a medium that can't be opened is an error instead of a loss.
        shuffled: Whether the queue lists the tasks in a random order, the same for everybody, or in that of the data.
    """

    def __init__(self, roots: Mapping[str, Path], *, must: bool, shuffled: bool = False) -> None:
        self._roots, self._must, self._shuffled = roots, must, shuffled
        self.losses: list[Loss] = []

    def over(self, tasks: Iterator[ImportedTask]) -> Iterator[ImportedTask]:
        """Yield tasks with what their media tell, and ids in whose order the queue lists those of one priority."""
        for number, item in zip(import_ids(shuffled=self._shuffled), tasks, strict=False):
            units = tuple(self._completed(u) for u in item.task.units)
            yield item.as_task(replace(item.task, id=TaskId(number), units=units))

    def _completed(self, unit: Unit) -> Unit:
        named = unit.kind is not UnitKind.OTHER and unit.media.paths
        if not named or (unit.frame_count > 0 and unit.width > 0):
            return unit
        try:
            return probed(unit, self._roots)
        except MediaError as error:
            if self._must:
                raise
            self.losses.append(Loss(what="the medium can't be opened", where=f"{unit.title}: {error.what}"))
            return replace(unit, frame_count=max(unit.frame_count, 1))


def import_ids(*, shuffled: bool) -> Iterator[int]:
    """Yield the ids of an import's tasks: ascending ones, or the same blocks of 2**24 ids each in a random order.

    39 random bits keep imports apart.
    """
    first = ((new_id() >> _COUNTED_BITS) or 1) << _COUNTED_BITS
    key = new_id()
    for number in count():
        low = number & _COUNTED
        yield first + number - low + (_mixed(low, key) if shuffled else low)


def _mixed(number: int, key: int) -> int:
    """Return the place of a number of `_COUNTED_BITS` in a random order of all of them.

    Each step can be undone, so that no two meet: after `splitmix64` of Steele, Lea and Flood.
    """
    for odd in (0xBF5847, 0x94D049):
        number = ((number ^ key) * odd) & _COUNTED
        number ^= number >> _COUNTED_BITS // 2
        key >>= _COUNTED_BITS
    return number


def probed(unit: Unit, roots: Mapping[str, Path]) -> Unit:
    """Return a data unit with the size, frame count and rate that its files have.

    Raises:
        MediaError: the files are missing or unusable.
    """
    from tui_editor.media.open import probe
    from tui_editor.media.roots import paths_of

    paths = paths_of(unit, roots)
    if unit.kind is UnitKind.IMAGE_GROUP:
        return _probed_group(unit, paths)
    info = probe(paths[0])
    sequence = unit.kind is UnitKind.IMAGE_SEQUENCE
    return replace(
        unit,
        frame_count=len(paths) if sequence else info.frame_count,
        width=info.width,
        height=info.height,
        fps=unit.fps or info.fps,
        frame_sizes=unit.frame_sizes or (() if sequence else info.frame_sizes),
    )


def _probed_group(unit: Unit, paths: Sequence[Path]) -> Unit:
    """Return a group with the size of each picture, by its header; a bad one gets the size of the first good one."""
    from tui_editor.media.open import open_source

    found: list[tuple[int, int] | None] = []
    problem: MediaError | None = None
    with closing(open_source(unit.kind, paths)) as source:
        for index in range(len(paths)):
            try:
                found.append(source.size(index))
            except MediaError as error:
                found.append(None)
                problem = problem or error
    usual = next((size for size in found if size is not None), None)
    if usual is None:
        assert problem is not None, "a group has pictures"
        raise problem
    sizes = tuple(size or usual for size in found)
    return replace(
        unit,
        frame_count=len(paths),
        width=sizes[0][0],
        height=sizes[0][1],
        frame_sizes=unit.frame_sizes or (sizes if len(set(sizes)) > 1 else ()),
    )


def merged(losses: Sequence[Loss]) -> tuple[Loss, ...]:
    """Return losses of one kind as one, counted, with the place of the first."""
    counts: Counter[str] = Counter()
    first: dict[str, str] = {}
    for loss in losses:
        counts[loss.what] += loss.count
        first.setdefault(loss.what, loss.where)
    return tuple(Loss(what=what, where=first[what], count=n) for what, n in counts.items())
