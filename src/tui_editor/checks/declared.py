"""What the settings of checks say of the data beyond what their format holds: how classes behave, and splits."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from tui_editor.checks.overlap import EXCLUSIVE, PANOPTIC
from tui_editor.model.ontology import Ontology

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui_editor.model.ontology import Classification, ObjectClass
    from tui_editor.model.project import Project, Task

    _Entry = TypeVar("_Entry", ObjectClass, Classification)

SAYS: Final[Mapping[str, type[int]]] = {EXCLUSIVE: bool, "min_per_frame": int, "max_per_frame": int}
"""What can be said of a class."""
_SPLITS: Final = {"train": "train", "val": "val", "valid": "val", "validation": "val", "test": "test"}
_WORD: Final = re.compile(r"[a-z]+")


class Declared(Struct, frozen=True, kw_only=True):
    """What is said of a data set, or of a project over what it says itself."""

    classes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Name of a class, in any case → what is said of it (`SAYS`)."""
    panoptic: bool = False
    """Masks cover each pixel of a frame once."""
    splits: tuple[tuple[str, str], ...] = ()
    """(split, pattern of a task's title or of a path of its media), the first that fits counts."""
    split: str = ""
    """Of all tasks that no pattern fits."""

    @property
    def says_nothing(self) -> bool:
        """Return whether all is as the data have it."""
        return not (self.classes or self.panoptic or self.splits or self.split)

    def classes_in(self, ontology: Ontology) -> frozenset[str]:
        """Return which of the classes that something is said of an ontology has, in small letters."""
        return frozenset(c.name.casefold() for c in ontology.all()) & {name.casefold() for name in self.classes}

    def of_project(self, project: Project) -> Project:
        """Return a project with what is said of its classes and masks; itself where it says so already."""
        ontology = self._ontology(project.ontology)
        panoptic = self.panoptic and not project.settings.get(PANOPTIC)
        if ontology is project.ontology and not panoptic:
            return project
        settings = {**project.settings, PANOPTIC: True} if panoptic else project.settings
        return replace(project, settings=settings, ontology=ontology)

    def of_task(self, task: Task) -> Task:
        """Return a task in its split; one that has a split stays in it."""
        if task.split or not (self.splits or self.split):
            return task
        names = [task.title, *(path for unit in task.units for path in unit.media.paths)]
        fits = (split for split, pattern in self.splits if any(fnmatchcase(name, pattern) for name in names))
        split = next(fits, self.split)
        return replace(task, split=split) if split else task

    def _ontology(self, ontology: Ontology) -> Ontology:
        said = {name.casefold(): values for name, values in self.classes.items()}
        if not said:
            return ontology

        def entry(old: _Entry) -> _Entry:
            values = said.get(old.name.casefold(), {})
            return old if values.items() <= old.extra.items() else replace(old, extra={**old.extra, **values})

        classes, classifications = tuple(map(entry, ontology.classes)), tuple(map(entry, ontology.classifications))
        made = (*classes, *classifications)
        if all(new is old for new, old in zip(made, ontology.all(), strict=True)):
            return ontology
        return Ontology(classes=classes, classifications=classifications, extra=ontology.extra)


def split_of_name(name: str) -> str:
    """Return the split that a file or folder is named for (`train.json`, `instances_val2017`), empty for none."""
    words = _WORD.findall(name.casefold())
    return next((_SPLITS[word] for word in words if word in _SPLITS), "")
