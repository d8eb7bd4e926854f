"""Finds the media of one side on the other: by path, by file name, by name without its ending, then by task.

Groups and sequences of pictures that the other side doesn't have as such are matched picture by picture.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from msgspec import Struct, field

from tui_editor.model.frames import UnitKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tui_editor.api.sides import Item
    from tui_editor.model.frames import Unit

_PICTURES = {UnitKind.IMAGE, UnitKind.IMAGE_GROUP, UnitKind.IMAGE_SEQUENCE}


class Medium(Struct, eq=False):
    """A data unit, or one picture of it."""

    item: Item
    unit: Unit
    frame: int | None = None
    """The picture that is meant; None: the whole unit."""
    used: set[int] = field(default_factory=set)
    """Pictures that are matched already."""

    @property
    def paths(self) -> tuple[str, ...]:
        """Return the files that it consists of; its title where there are none."""
        paths = tuple(self.unit.media.paths)
        if self.frame is not None:
            return (paths[self.frame],)
        return paths or (self.unit.title,)

    @property
    def name(self) -> str:
        """Return what people call it."""
        return self.unit.title if self.frame is None else self.paths[0]

    def pictures(self) -> Iterator[Medium]:
        """Yield each picture; nothing where the unit is no group of pictures, or the files are not known."""
        unit = self.unit
        if unit.kind in _PICTURES and len(unit.media.paths) == max(unit.frame_count, 1):
            for frame in range(len(unit.media.paths)):
                yield Medium(self.item, unit, frame)


_Key = tuple[str, ...]


class Media:
    """The media of one side that are not matched yet."""

    def __init__(self, items: Iterator[Item]) -> None:
        self._all: list[Medium] = []
        self._by_name: dict[_Key, list[Medium]] = defaultdict(list)
        self._by_stem: dict[_Key, list[Medium]] = defaultdict(list)
        self._by_task: dict[_Key, list[Medium]] = defaultdict(list)
        self._of_group: dict[str, list[tuple[Medium, int]]] = defaultdict(list)
        for item in items:
            for number, unit in enumerate(item.task.units):
                self._list(Medium(item, unit), number)

    def __len__(self) -> int:
        return len(self._all)

    def _list(self, medium: Medium, number: int) -> None:
        self._all.append(medium)
        self._by_name[_names(medium)].append(medium)
        self._by_stem[_stems(medium)].append(medium)
        self._by_task[_task_key(medium, number)].append(medium)
        for picture in medium.pictures():
            assert picture.frame is not None
            self._of_group[_stem(picture.paths[0])].append((medium, picture.frame))

    def take(self, medium: Medium, number: int, *, alone: bool = False) -> list[tuple[Medium, Medium]]:
        """Return the pairs that a unit of the other side makes with these; each is given once.

        Args:
            medium: Of the other side.
            number: Its place among the units of its task.
            alone: It is all that the other side has: with a single one here it makes a pair when one names no files.
        """
        lookups: tuple[tuple[dict[_Key, list[Medium]], _Key], ...] = (
            (self._by_name, _names(medium)),
            (self._by_stem, _stems(medium)),
        )
        found = next((best for table, key in lookups if (best := _nearest(medium, _free(table.get(key, []))))), None)
        pictures = [] if found else self._pictures(medium)
        if found is None and not pictures:
            found = _nearest(medium, _free(self._by_task.get(_task_key(medium, number), [])))
        if found is None and not pictures and alone and len(self._all) == 1 and not self._all[0].used:
            found = self._all[0] if not (self._all[0].unit.media.paths and medium.unit.media.paths) else None
        if found is not None:
            found.used.update(range(max(found.unit.frame_count, 1)))
            return [(medium, found)]
        return pictures

    def _pictures(self, medium: Medium) -> list[tuple[Medium, Medium]]:
        pairs = []
        for picture in medium.pictures():
            groups = self._of_group.get(_stem(picture.paths[0]), [])
            options = [Medium(m.item, m.unit, frame) for m, frame in groups if frame not in m.used]
            best = _nearest(picture, options)
            if best is not None:
                owner = next(m for m, frame in groups if m.unit is best.unit and frame == best.frame)
                assert best.frame is not None
                owner.used.add(best.frame)
                pairs.append((picture, best))
        return pairs

    def left(self) -> list[str]:
        """Return the names of what was matched with nothing: units, or single pictures of those that were in part."""
        names: list[str] = []
        for medium in self._all:
            if not medium.used:
                names.append(medium.name)
            elif len(medium.used) < len(medium.unit.media.paths):
                names += [p.name for p in medium.pictures() if p.frame not in medium.used]
        return names


def _free(media: list[Medium]) -> list[Medium]:
    return [m for m in media if not m.used]


def _nearest(medium: Medium, options: list[Medium]) -> Medium | None:
    """Return the option whose path agrees longest from its end; None where several do."""
    if len(options) < 2:
        return options[0] if options else None
    ranked = sorted(options, key=lambda o: -_agreement(medium.paths[0], o.paths[0]))
    scores = [_agreement(medium.paths[0], o.paths[0]) for o in ranked[:2]]
    return ranked[0] if scores[0] > scores[1] else None


def _agreement(a: str, b: str) -> int:
    """Return how many names two paths have in common at their ends; the same path has one more."""
    one, other = PurePosixPath(a).parts[::-1], PurePosixPath(b).parts[::-1]
    same = next((n for n, (x, y) in enumerate(zip(one, other, strict=False)) if x != y), min(len(one), len(other)))
    return same + (a == b)


def _each(medium: Medium, part: Callable[[PurePosixPath], str]) -> _Key:
    return tuple(part(PurePosixPath(path)) for path in medium.paths)


def _names(medium: Medium) -> _Key:
    return _each(medium, lambda path: path.name.casefold())


def _stems(medium: Medium) -> _Key:
    return _each(medium, lambda path: path.stem.casefold())


def _stem(path: str) -> str:
    return PurePosixPath(path).stem.casefold()


def _task_key(medium: Medium, number: int) -> _Key:
    return (medium.item.task.title, str(number), str(medium.unit.kind))
