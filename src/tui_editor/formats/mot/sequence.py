"""A sequence of a MOTChallenge data set: its label file, and what lies beside it (`seqinfo.ini`, pictures, names)."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from tui_editor.formats.bare import kind_of_name, natural_key
from tui_editor.formats.json_input import read_ends
from tui_editor.formats.mot.rows import PLAIN, looks_like
from tui_editor.model.frames import UnitKind
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

NAMES: Final = (
    "pedestrian",
    "person on vehicle",
    "car",
    "bicycle",
    "motorbike",
    "non motorized vehicle",
    "static person",
    "distractor",
    "occluder",
    "occluder on the ground",
    "occluder full",
    "reflection",
    "crowd",
)
"""The classes of MOT16, MOT17 and MOT20, numbered from 1."""
LABEL_FILES: Final = ("gt/gt.txt", "det/det.txt")
"""Of a sequence's folder; the first that is there is read."""
_KIND = re.compile(r"[-_. ]+(gt|det|dets|test|res|results?|tracks?|tracker|pred|predictions?)$", re.IGNORECASE)
_KEY = re.compile(r"^\s*(\w+)\s*=\s*(.*?)\s*$", re.MULTILINE)
_MOST_FILES: Final = 2000
"""Files or folders of a folder that are looked at."""
_MOST_FRAMES: Final = 10_000_000


class Info(NamedTuple):
    """What `seqinfo.ini` says; zeros where it says nothing."""

    name: str = ""
    folder: str = ""
    """Of the pictures."""
    ending: str = ".jpg"
    length: int = 0
    fps: float | None = None
    width: int = 0
    height: int = 0


class MotSequence(NamedTuple):
    """A label file and where its sequence lies."""

    file: Path
    folder: Path
    """Of the sequence: above `gt`; else that of the file."""
    info: Info

    @property
    def title(self) -> str:
        """Return what people call the sequence: the same for ground truth and results."""
        if self.info.name:
            return self.info.name
        if self.file.name in PLAIN:
            return self.folder.name or self.file.stem
        return _KIND.sub("", self.file.stem) or self.file.stem


def sequences_in(path: Path) -> list[MotSequence]:
    """Return the sequences of a path: a file, a sequence's folder, or a folder of either."""
    if not path.is_dir():
        return [sequence_of(path)]
    own = _file_of(path)
    if own is not None:
        return [sequence_of(own)]
    found = [file for folder in _entries(path) if folder.is_dir() and (file := _file_of(folder)) is not None]
    return [sequence_of(file) for file in found or plain_files(path)]


def plain_files(folder: Path) -> list[Path]:
    """Return the files of a folder that hold such lines, as trackers write them: one for each sequence."""
    return [p for p in _entries(folder) if p.suffix.lower() == ".txt" and p.is_file() and looks_like(p)]


def _file_of(folder: Path) -> Path | None:
    return next((folder / name for name in LABEL_FILES if looks_like(folder / name) or _is_empty(folder / name)), None)


def _is_empty(file: Path) -> bool:
    """Return whether a sequence's file has no lines: nothing is in its pictures."""
    return file.is_file() and file.stat().st_size == 0


def _entries(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if not entry.name.startswith(".")]
    except OSError:
        return []
    return [folder / name for name in sorted(names, key=natural_key)[:_MOST_FILES]]


def sequence_of(file: Path) -> MotSequence:
    """Return the sequence of a label file."""
    file = Path(os.path.abspath(file))  # noqa: PTH100 - links keep their names
    folder = file.parent.parent if file.parent.name in {"gt", "det"} and file.name in PLAIN else file.parent
    return MotSequence(file, folder, _info(folder / "seqinfo.ini"))


def _info(path: Path) -> Info:
    head, _ = read_ends(path, 8192)
    known = {m[1].casefold(): m[2] for m in _KEY.finditer(head.decode("utf-8", "replace"))}
    if not known:
        return Info()
    fps = _number(known, "framerate")
    return Info(
        name=one_line(known.get("name", "")),
        folder=_plain_name(known.get("imdir", ""), ""),
        ending=_plain_name(known.get("imext", ""), ".jpg"),
        length=min(int(_number(known, "seqlength")), _MOST_FRAMES),
        fps=fps or None,
        width=int(_number(known, "imwidth")),
        height=int(_number(known, "imheight")),
    )


def _number(known: Mapping[str, str], key: str) -> float:
    text = known.get(key, "")
    return float(text) if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", text) else 0.0


def _plain_name(text: str, otherwise: str) -> str:
    """Return a name without folders in it."""
    return text if text and not set(text) & set("/\\\0") and text not in {".", ".."} else otherwise


def class_names(file: Path) -> tuple[str, ...]:
    """Return the names of the classes by number, from 1 on: those of `labels.txt` beside the file, or MOT16's."""
    head, _ = read_ends(file.parent / "labels.txt", 1 << 20)
    lines = [one_line(line.strip()) for line in head.decode("utf-8", "replace").splitlines()]
    return tuple(lines) if any(lines) else NAMES


# --- pictures ---------------------------------------------------------------------------------------


def pictures_of(sequence: MotSequence, media_dir: Path | None) -> tuple[UnitKind, Path, Sequence[str]]:
    """Return what a sequence's media are, the folder that their paths are relative to, and the paths; none if unknown.

    Args:
        sequence: Which one.
        media_dir: Where the person says that pictures or videos lie.
    """
    info, roots = sequence.info, [sequence.folder]
    if media_dir is not None:
        roots[:0] = [Path(os.path.abspath(media_dir / sequence.title)), Path(os.path.abspath(media_dir))]  # noqa: PTH100 - links keep their names
    folder = info.folder or "img1"
    for root in roots:
        names = sorted(_pictures(root / folder), key=natural_key)
        if names:
            return UnitKind.IMAGE_SEQUENCE, root, [f"{folder}/{name}" for name in names]
        video = next(_videos(root, {sequence.title, sequence.file.stem}), None)
        if video is not None:
            return UnitKind.VIDEO, root, [video]
    if info.length and info.folder:
        named = [f"{info.folder}/{n:06d}{info.ending}" for n in range(1, info.length + 1)]
        return UnitKind.IMAGE_SEQUENCE, sequence.folder, named
    return UnitKind.VIDEO, sequence.folder, []


def _pictures(folder: Path) -> Iterator[str]:
    return (p.name for p in _all(folder) if kind_of_name(p.name) is UnitKind.IMAGE)


def _videos(folder: Path, stems: set[str]) -> Iterator[str]:
    return (p.name for p in _all(folder) if {p.stem, p.name} & stems and kind_of_name(p.name) is UnitKind.VIDEO)


def _all(folder: Path) -> Iterator[Path]:
    try:
        with os.scandir(folder) as entries:
            yield from sorted(Path(entry.path) for entry in entries)
    except OSError:
        return
