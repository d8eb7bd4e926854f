"""An Encord data set opened for reading: ontology first, then one task a label row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui_editor.errors import FormatError
from tui_editor.formats.encord.census import Census
from tui_editor.formats.encord.files import (
    RowFile,
    decode,
    label_files,
    ontology_files,
    open_rows,
    sidecar_of,
)
from tui_editor.formats.encord.media_paths import MediaFinder
from tui_editor.formats.encord.ontology_read import find_structure, read_ontology
from tui_editor.formats.encord.places import Place
from tui_editor.formats.encord.row_read import RowReader
from tui_editor.formats.encord.sidecar import VERSION, RowKeys, apply_record
from tui_editor.formats.json_input import read_bytes
from tui_editor.formats.losses import LossLog
from tui_editor.model.ontology import Ontology

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tui_editor.ports import ImportedTask, ImportOptions, Loss


class EncordSource:
    """The tasks of one label file, or of all label files of a folder.

    Opening decodes every row once, to know the classes that are used; reading decodes them again one at a time, so
    that no more than one row is held as objects.

    Raises:
        FormatError: a file or row is malformed; file and JSON pointer are told.
    """

    def __init__(self, path: Path, options: ImportOptions) -> None:
        self._log = LossLog()
        folder = path if path.is_dir() else path.parent
        self.root_dir = (options.media_dir or folder).resolve()
        self._finder = MediaFinder(self.root_dir, options.root, search=options.media_dir is not None)
        self._files = [open_rows(p) for p in label_files(path)]
        self.ontology = self._complete()
        self.total = sum(len(f.rows) for f in self._files)

    def _complete(self) -> Ontology:
        census = Census()
        for file in self._files:
            for row, _ in file.decoded():
                census.add(row)
        found = self._given() or self._beside(census)
        ontology, added = census.completed(found or Ontology())
        where = str(self._files[0].path)
        if found is None and added:
            self._log.add("ontology derived from the labels: what no label uses is unknown", where)
        elif added:
            self._log.add("class that is not in the ontology added to it", where, added)
        return ontology

    def _given(self) -> Ontology | None:
        return next((f.ontology for f in self._files if f.ontology is not None), None)

    def _beside(self, census: Census) -> Ontology | None:
        """Return the ontology beside the label files that knows the most of the classes used."""
        best: tuple[int, Ontology] | None = None
        for path in ontology_files(self._files[0].path):
            try:
                place = Place(str(path))
                structure = find_structure(place.as_object(decode(read_bytes(path), place)))
                ontology = read_ontology(structure, place) if structure is not None else None
            except FormatError as error:
                self._log.add("ontology file that can't be read passed over", error.where)
                continue
            if ontology is not None and (best is None or census.covered(ontology) > best[0]):
                best = (census.covered(ontology), ontology)
        return best[1] if best is not None and (best[0] or not len(census)) else None

    def tasks(self) -> Iterator[ImportedTask]:
        """Yield one task a row, with what the sidecar beside the file adds."""
        reader = RowReader(self.ontology, self._finder, self._log)
        for file in self._files:
            records, place = _records(file)
            keys = RowKeys()
            for row, at in file.decoded():
                try:
                    item = reader.read(row, at)
                except (OverflowError, UnicodeError) as error:
                    raise at.error(f"a value can't be kept: {error}") from error
                key = keys.next(row)
                if key in records:
                    item = apply_record(item, place.at(key).as_object(records[key]), place.at(key), self.ontology)
                yield item

    def losses(self) -> Sequence[Loss]:
        """Return what is kept but not shown, and what had to be guessed."""
        return self._log.losses()


def _records(file: RowFile) -> tuple[dict[str, Any], Place]:
    path = sidecar_of(file.path)
    place = Place(str(path))
    if not path.is_file():
        return {}, place
    whole = place.as_object(decode(read_bytes(path), place))
    version = whole.get("version")
    if type(version) is not int or version > VERSION:
        raise place.at("version").error("it was written by a newer version of this program")
    return place.member(whole, "rows", dict, {}), place.at("rows")
