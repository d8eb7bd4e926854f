"""Data units of label rows: which frames they have, how large, and where their labels stand in the JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from tui_editor.formats.encord.names import ours, wrapped
from tui_editor.model.frames import MediaRef, Unit, UnitKind
from tui_editor.model.ids import UnitId, new_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tui_editor.formats.encord.media_paths import MediaFinder
    from tui_editor.formats.encord.places import Place

FRAMED = {
    "video": UnitKind.VIDEO,
    "dicom": UnitKind.DICOM,
    "nifti": UnitKind.NIFTI,
    "pdf": UnitKind.OTHER,
}
"""Row types whose `labels` are keyed by frame."""

RANGED_ROWS = frozenset({"audio", "plain_text", "time_series"})
"""Row types whose labels stand in the answers."""

EMPTY_ROWS = frozenset({"group", "scene", "dicom_study"})
"""Row types whose data unit holds no labels of frames; those are in `spaces`."""

SPACES = {
    "video": UnitKind.VIDEO,
    "image": UnitKind.IMAGE,
    "image_sequence": UnitKind.IMAGE_SEQUENCE,
    "medical_file": UnitKind.DICOM,
    "medical_stack": UnitKind.DICOM,
}
"""Spaces that become data units; the others are kept verbatim."""

FRAME_LIMIT = 1_000_000
"""Frames of one unit that a reader makes labels for."""

STILLS = frozenset({UnitKind.IMAGE, UnitKind.IMAGE_GROUP})


class FrameBlob(Struct):
    """`{"objects": […], "classifications": […]}` of one frame."""

    frame: int
    blob: dict[str, Any]
    place: Place


class UnitPlan(Struct):
    """A data unit that was found in a row, with its frames' labels still as JSON."""

    unit: Unit
    frames: list[FrameBlob] = field(default_factory=list)
    space: str = ""
    kept: dict[str, Any] = field(default_factory=dict)
    """What goes to the unit's `extra`: the source's records without labels, and what the frames say besides."""

    @property
    def moving(self) -> bool:
        """Return whether labels of one instance follow each other on its frames."""
        return self.unit.kind not in STILLS

    def size(self, frame: int) -> tuple[int, int]:
        """Return the size by which coordinates of a frame are scaled; (1, 1) when it is unknown."""
        width, height = self.unit.size(frame)
        return (width, height) if width > 0 and height > 0 else (1, 1)

    def finished(self, last_frame: int) -> Unit:
        """Return the unit with room for its last labelled frame and with what is kept of the source."""
        count = max(self.unit.frame_count, last_frame + 1, 1)
        return replace(self.unit, frame_count=count, extra=wrapped(self.kept))


def plan_units(row: dict[str, Any], place: Place, finder: MediaFinder) -> tuple[list[UnitPlan], dict[str, Any]]:
    """Return the data units of a row, and what of `data_units` and `spaces` is kept verbatim.

    Raises:
        FormatError: `data_units`, `spaces` or a member of them is not an object.
    """
    kind = str(row.get("data_type", ""))
    sources = place.member(row, "data_units", dict, {})
    at = place.at("data_units")
    records = {key: at.at(key).as_object(value) for key, value in sources.items()}
    verbatim: dict[str, Any] = {}
    plans: list[UnitPlan] = []
    if kind in EMPTY_ROWS:
        verbatim["data_units"] = records
    elif kind == "img_group":
        plans += _group(row, records, at, finder)
    else:
        plans += [_single(kind, key, value, at.at(key), finder) for key, value in records.items()]
    spaces, kept = _spaces(row, place, finder)
    plans += spaces
    verbatim |= {"spaces": kept} if kept else {}
    return plans or [_nothing(row, finder)], verbatim


def _nothing(row: dict[str, Any], finder: MediaFinder) -> UnitPlan:
    title = str(row.get("data_title") or row.get("data_hash") or "")
    media = MediaRef(root=finder.name, paths=())
    unit = Unit(id=UnitId(new_id()), kind=UnitKind.OTHER, title=title, media=media, frame_count=1, width=0, height=0)
    return UnitPlan(unit, kept={"absent": True})


def _make(
    kind: UnitKind,
    sources: list[dict[str, Any]],
    titles: list[str],
    finder: MediaFinder,
    count: int,
) -> Unit:
    paths = tuple(finder.path_of(t, str(s.get("data_hash", ""))) for t, s in zip(titles, sources, strict=True))
    sizes = [_size(s, p, finder) for s, p in zip(sources, paths, strict=True)]
    fps = sources[0].get("data_fps")
    return Unit(
        id=UnitId(new_id()),
        kind=kind,
        title=titles[0] if len(titles) == 1 else "",
        media=MediaRef(root=finder.name, paths=paths, fingerprint=finder.fingerprint(paths[0])),
        frame_count=count,
        width=sizes[0][0],
        height=sizes[0][1],
        frame_sizes=tuple(sizes) if len(set(sizes)) > 1 else (),
        fps=float(fps) if isinstance(fps, int | float) and 0 < fps < 1e6 else None,
    )


def _size(source: dict[str, Any], path: str, finder: MediaFinder) -> tuple[int, int]:
    width, height = (_whole(source.get(k)) for k in ("width", "height"))
    if width and height:
        return width, height
    return _mask_size(source) or finder.image_size(path) or (0, 0)


def _whole(value: object) -> int:
    usable = isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 2**31
    return int(value) if usable else 0  # type: ignore[call-overload]  # checked by `usable`


def _mask_size(source: dict[str, Any]) -> tuple[int, int] | None:
    """Return the size that a full-frame bitmask of the unit tells."""
    labels = source.get("labels")
    blobs = [labels, *labels.values()] if isinstance(labels, dict) else []
    lists = (b.get("objects") for b in blobs if isinstance(b, dict))
    masks = (o.get("bitmask") for objects in lists if isinstance(objects, list) for o in objects if isinstance(o, dict))
    for mask in masks:
        if isinstance(mask, dict) and not mask.get("top") and not mask.get("left"):
            width, height = _whole(mask.get("width")), _whole(mask.get("height"))
            if width and height:
                return width, height
    return None


def _without_labels(source: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in source.items() if k != "labels"}


def _title(source: dict[str, Any], key: str) -> str:
    title = source.get("data_title")
    return title if isinstance(title, str) and title else key


def _single(kind: str, key: str, source: dict[str, Any], place: Place, finder: MediaFinder) -> UnitPlan:
    unit_kind = FRAMED.get(kind, UnitKind.IMAGE if kind == "image" else UnitKind.OTHER)
    count = _frame_count(source) if kind in FRAMED else 1
    unit = _make(unit_kind, [source], [_title(source, key)], finder, count)
    plan = UnitPlan(unit, kept={"keys": [key], "records": [_without_labels(source)]})
    labels = place.member(source, "labels", dict, {})
    at = place.at("labels")
    if kind == "image":
        plan.frames = [FrameBlob(0, labels, at)]
    elif kind in FRAMED:
        plan.frames, odd = _by_frame(labels, at)
        plan.kept |= {"odd_frames": odd} if odd else {}
    elif labels:
        plan.kept["odd_frames"] = labels
    return plan


def _frame_count(source: dict[str, Any]) -> int:
    told = _whole(source.get("number_of_frames")) or _whole(source.get("frame_count"))
    if told:
        return min(told, 2**31 - 1)
    fps, duration = source.get("data_fps"), source.get("data_duration")
    if isinstance(fps, int | float) and isinstance(duration, int | float) and 0 < fps * duration < 2**31:
        return round(fps * duration)
    links = source.get("data_links")
    return len(links) if isinstance(links, list) else 0


def _by_frame(labels: dict[str, Any], place: Place) -> tuple[list[FrameBlob], dict[str, Any]]:
    """Return the frames of a keyed `labels`, and the members whose key is no frame number."""
    odd = {k: v for k, v in labels.items() if not _is_frame(k)}
    frames = [FrameBlob(int(k), place.at(k).as_object(v), place.at(k)) for k, v in labels.items() if k not in odd]
    return sorted(frames, key=lambda f: f.frame), odd


def _is_frame(key: str) -> bool:
    return key.isascii() and key.isdecimal() and len(key) < 10 and str(int(key)) == key


def _group(row: dict[str, Any], records: dict[str, Any], place: Place, finder: MediaFinder) -> Iterable[UnitPlan]:
    if not records:
        return []
    ordered = sorted(records.items(), key=lambda item: _sequence(item[1]))
    sources, keys = [s for _, s in ordered], [k for k, _ in ordered]
    kind = UnitKind.IMAGE_SEQUENCE if row.get("is_image_sequence") is True else UnitKind.IMAGE_GROUP
    unit = _make(kind, sources, [_title(s, k) for k, s in ordered], finder, len(sources))
    unit = replace(unit, title=str(row.get("data_title") or unit.title or keys[0]))
    plan = UnitPlan(unit, kept={"keys": keys, "records": [_without_labels(s) for s in sources]})
    for frame, (key, source) in enumerate(ordered):
        at = place.at(key)
        plan.frames.append(FrameBlob(frame, at.member(source, "labels", dict, {}), at.at("labels")))
    return [plan]


def _sequence(source: dict[str, Any]) -> float:
    try:
        return float(source.get("data_sequence", 0))
    except (TypeError, ValueError):
        return 0.0


# --- spaces --------------------------------------------------------------------------------------


def _spaces(row: dict[str, Any], place: Place, finder: MediaFinder) -> tuple[list[UnitPlan], dict[str, Any]]:
    spaces = place.member(row, "spaces", dict, {})
    at = place.at("spaces")
    plans, kept = [], {}
    for key, value in spaces.items():
        source = at.at(key).as_object(value)
        if str(source.get("space_type")) in SPACES:
            plans.append(_space(key, source, at.at(key), finder))
        else:
            kept[key] = source
    return plans, kept


def _space(key: str, source: dict[str, Any], place: Place, finder: MediaFinder) -> UnitPlan:
    kind = SPACES[str(source.get("space_type"))]
    titles = list(_space_titles(key, source))
    count = len(titles) if kind is UnitKind.IMAGE_SEQUENCE else 1 if kind is UnitKind.IMAGE else _frame_count(source)
    unit = _make(kind, [source] * len(titles), titles, finder, count)
    unit = replace(unit, title=_file_name(source) or unit.title or key)
    plan = UnitPlan(unit, space=key, kept={"space": key, "records": [_without_labels(source)]})
    plan.frames, odd = _by_frame(place.member(source, "labels", dict, {}), place.at("labels"))
    plan.kept |= {"odd_frames": odd} if odd else {}
    return plan


def titles_of(unit: Unit) -> tuple[str, ...]:
    """Return the names under which a row lists the files of a unit: a reader without more looks for these."""
    part = ours(unit.extra)
    records = part.get("records")
    if not records:
        many = unit.kind in {UnitKind.IMAGE_GROUP, UnitKind.IMAGE_SEQUENCE}
        return unit.media.paths if many else (unit.title,)
    if "space" in part:
        return tuple(_space_titles(part["space"], records[0]))
    return tuple(_title(r, k) for r, k in zip(records, part["keys"], strict=True))


def _file_name(source: dict[str, Any]) -> str:
    infos = (source.get("child_info"), source.get("root_info"))
    names = (i.get("file_name") for i in infos if isinstance(i, dict))
    return next((n for n in names if isinstance(n, str) and n), "")


def _space_titles(key: str, source: dict[str, Any]) -> Iterator[str]:
    frames = source.get("frames")
    if source.get("space_type") == "image_sequence" and isinstance(frames, list) and frames:
        for n, frame in enumerate(frames):
            yield _title(frame, f"{key}-{n}") if isinstance(frame, dict) else f"{key}-{n}"
    else:
        yield _file_name(source) or key
