"""Files of Encord data sets on disk: decoded rows, ontologies beside them, whole-or-not writing."""

from __future__ import annotations

import os
from contextlib import contextmanager
from os.path import commonpath
from secrets import token_hex
from typing import TYPE_CHECKING, Any, BinaryIO

import msgspec
from msgspec import Struct

from tui_editor.errors import FormatError
from tui_editor.formats.encord.ontology_read import find_structure, read_ontology
from tui_editor.formats.encord.places import Place
from tui_editor.formats.encord.sidecar import SUFFIX
from tui_editor.formats.json_input import read_bytes, read_ends
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tui_editor.model.ontology import Ontology

HEAD_BYTES = 1 << 16
"""What detection reads of a file."""

_ROW_LISTS = ("label_rows", "rows", "labels")
"""Keys under which a wrapped file may hold its rows."""


class RowFile(Struct, frozen=True):
    """A label file with its rows still encoded: they are decoded one at a time."""

    path: Path
    rows: tuple[tuple[str, msgspec.Raw], ...]
    """JSON pointer and bytes of each row."""
    ontology: Ontology | None = None
    """The ontology that the file itself brings."""

    def decoded(self) -> Iterator[tuple[dict[str, Any], Place]]:
        """Yield each row with its place.

        Raises:
            FormatError: a row is not an object or has neither data units nor spaces.
        """
        for pointer, raw in self.rows:
            place = Place(str(self.path), pointer)
            row = place.as_object(decode(bytes(raw), place))
            if "data_units" not in row and "spaces" not in row:
                raise place.error("`data_units` is missing: this is no label row")
            yield row, place


def decode(data: bytes, place: Place, kind: Any = Any) -> Any:
    """Return decoded JSON.

    Raises:
        FormatError: it is no JSON, or too deeply nested.
    """
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, ValueError) as error:
        raise place.error(f"this is not JSON: {error}") from error
    except RecursionError as error:
        raise place.error("the JSON is nested too deeply") from error


def open_rows(path: Path) -> RowFile:
    """Return the rows of a label file: a list, a single row, or an object that holds a list beside an ontology."""
    data, place = read_bytes(path), Place(str(path))
    if data.lstrip()[:1] == b"[":
        rows = decode(data, place, list[msgspec.Raw])
        return RowFile(path, tuple((f"/{n}", raw) for n, raw in enumerate(rows)))
    members = decode(data, place, dict[str, msgspec.Raw])
    if "data_units" in members or "spaces" in members:
        return RowFile(path, (("", msgspec.Raw(data)),))
    key = next((k for k in _ROW_LISTS if bytes(members.get(k, b"")).lstrip()[:1] == b"["), None)
    whole = {k: decode(bytes(v), place.at(k)) for k, v in members.items() if k != key}
    structure = find_structure(whole)
    if key is None and structure is None:
        raise place.error("there are neither label rows nor an ontology in it")
    rows = decode(bytes(members[key]), place.at(key), list[msgspec.Raw]) if key else []
    ontology = read_ontology(structure, place) if structure is not None else None
    return RowFile(path, tuple((f"/{key}/{n}", raw) for n, raw in enumerate(rows)), ontology)


def looks_like(path: Path) -> float:
    """Return how surely a file is Encord's, from its beginning: rows 0.95, an ontology 0.6, else 0."""
    head = read_ends(path, HEAD_BYTES)[0].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:1] not in {b"[", b"{"}:
        return 0.0
    row = b'"label_hash"' in head or (b'"objectHash"' in head and b'"featureHash"' in head)
    if row and (b'"data_hash"' in head or b'"data_units"' in head):
        return 0.95
    return 0.6 if b'"featureNodeHash"' in head and (b'"objects"' in head or b'"classifications"' in head) else 0.0


def label_files(path: Path) -> list[Path]:
    """Return the label files of a path: itself, or those directly in a folder."""
    if not path.is_dir():
        return [path]
    found = [p for p in sorted(path.glob("*.json")) if not p.name.endswith(SUFFIX) and looks_like(p) > 0.9]
    if not found:
        raise FormatError("there is no file of label rows in it", where=one_line(str(path)))
    return found


def ontology_files(path: Path) -> list[Path]:
    """Return the files beside a label file that are named like ontologies, the likeliest first."""
    names = (f"{path.stem}.ontology.json", "ontology.json")
    try:
        found = [p for p in path.parent.glob("*.json") if "ontology" in p.name.casefold() and p != path]
    except OSError:
        return []
    rank = {n: i for i, n in enumerate(names)}
    return sorted(found, key=lambda p: (rank.get(p.name, 2), -len(commonpath([p.name, path.name])), p.name))


def sidecar_of(path: Path) -> Path:
    """Return where our own file of a label file lies."""
    return path.with_name(path.name.removesuffix(".json") + SUFFIX)


# --- writing -------------------------------------------------------------------------------------


class Batch:
    """Files that appear together: written beside their targets, moved into place when all are done."""

    def __init__(self) -> None:
        self._parts: list[tuple[Path, Path]] = []

    @contextmanager
    def file(self, target: Path) -> Iterator[BinaryIO]:
        """Open the part that will become `target`."""
        part = target.with_name(f".{target.name}.{token_hex(4)}.part")
        self._parts.append((part, target))
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())

    def finish(self) -> None:
        """Move every part into place, in the order in which they were opened."""
        while self._parts:
            part, target = self._parts[0]
            part.replace(target)
            del self._parts[0]

    def abandon(self) -> None:
        """Remove the parts that are not in place."""
        for part, _ in self._parts:
            part.unlink(missing_ok=True)
        self._parts.clear()
