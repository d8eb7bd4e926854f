"""Bytes of values and patches, as stores keep them. Pure: no I/O.

Values are msgpack maps without the fields that have their default: a later version reads what an earlier one wrote, and
ignores fields that it does not know. Tracks are written by `track_codec`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable, Mapping
from functools import cache
from typing import Any, TypeVar, cast, get_type_hints

import msgspec

from tui_editor.errors import StoreCorrupt, StoreError, StoreTooNew
from tui_editor.model.ids import ClassId, InstanceId, IssueId, UnitId
from tui_editor.model.instances import Instance
from tui_editor.model.issues import Issue, ReviewDecision
from tui_editor.model.ontology import Ontology
from tui_editor.model.patch import (
    Change,
    DecisionChange,
    InstanceChange,
    IssueChange,
    Patch,
    StatusChange,
    TrackChange,
)
from tui_editor.model.project import Project
from tui_editor.model.track_codec import decode_track, encode_track
from tui_editor.model.workflow import TaskStatus

_T = TypeVar("_T")

PATCH_FORMAT = 1


# --- values --------------------------------------------------------------------------------------


_PLAIN = frozenset({str, int, float, bool, bytes, type(None), dict})
"""Types that msgpack writes as they are."""


@cache
def _defaults(kind: Hashable) -> tuple[tuple[str, object], ...] | None:
    """Return a value type's fields with their defaults, a mark where there is none; None for any other type."""
    if dataclasses.is_dataclass(kind):
        fields = [field for field in dataclasses.fields(kind) if field.init]
        return tuple((f.name, f.default_factory() if callable(f.default_factory) else f.default) for f in fields)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        required = len(kind.__struct_fields__) - len(kind.__struct_defaults__)
        defaults = (msgspec.NODEFAULT,) * required + kind.__struct_defaults__
        return tuple((name, _made(default)) for name, default in zip(kind.__struct_fields__, defaults, strict=True))
    return None


def _made(default: Any) -> Any:
    """Return a struct's default as a new value has it: where a function makes it, msgspec gives that."""
    return default.factory() if hasattr(default, "factory") else default


def slim(value: Any) -> Any:
    """Return a value as plain dicts and lists, without the fields that have their default."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is Instance:
        return _slim_instance(value)
    defaults = _defaults(cast("Hashable", kind))
    if defaults is not None:
        found = {}
        for name, default in defaults:
            item = getattr(value, name)
            if item is not default and item != default:
                found[name] = item if type(item) in _PLAIN else slim(item)
        return found
    if kind is tuple:
        return [slim(v) for v in value]
    if isinstance(value, Mapping) and not isinstance(value, dict):
        return dict(value)
    return value


def _slim_instance(value: Instance) -> dict[str, Any]:
    """Return `slim` of an instance, written out: imports make a million of them."""
    found: dict[str, Any] = {"id": value.id, "class_id": value.class_id, "ordinal": value.ordinal}
    if value.answers:
        found["answers"] = slim(value.answers)
    if value.dynamic:
        found["dynamic"] = slim(value.dynamic)
    if value.created_by:
        found["created_by"] = value.created_by
    if value.created_ms:
        found["created_ms"] = value.created_ms
    if value.source_id:
        found["source_id"] = value.source_id
    if value.extra:
        found["extra"] = slim(value.extra)
    return found


def encode_value(value: Any) -> bytes:
    """Return a frozen dataclass of the model, or a mapping of plain values, as bytes.

    Raises:
        StoreError: it holds text or a number that can't be written (a lone surrogate, an integer beyond 64 bits).
    """
    return _encoded(slim(value))


def encode_imported(
    instance: InstanceId, class_id: ClassId, ordinal: int, source_id: str, extra: dict[str, Any]
) -> bytes:
    """Return `encode_value` of an instance that was only imported, without the instance.

    Raises:
        StoreError: as `encode_value`.
    """
    found: dict[str, Any] = {"id": instance, "class_id": class_id, "ordinal": ordinal}
    if source_id:
        found["source_id"] = source_id
    if extra:
        found["extra"] = extra
    return _encoded(found)


def _encoded(plain: Any) -> bytes:
    try:
        return _encoder.encode(plain)
    except (TypeError, OverflowError, ValueError) as error:
        raise StoreError(f"something in it can't be kept: {error}") from error


def decode_value(data: bytes, kind: type[_T]) -> _T:
    """Return the value of type `kind` that `encode_value` wrote.

    Raises:
        StoreCorrupt: the bytes are not those of such a value.
    """
    try:
        if kind in _BY_FIELD:
            return _built(_decoder(dict[str, Any]).decode(data), kind)
        return cast("_T", _decoder(cast("Hashable", kind)).decode(data))
    except (msgspec.DecodeError, ValueError, TypeError) as error:
        raise StoreCorrupt(f"a {kind.__name__} in the store can't be read: {error}") from error


_BY_FIELD: frozenset[type] = frozenset({Project, Ontology})
"""Types that msgspec can't make, since an ontology keeps an index of two types of classes beside its fields."""


def _built(raw: dict[str, Any], kind: type[_T]) -> _T:
    hints = _hints(cast("Hashable", kind))
    known = {name: value for name, value in raw.items() if name in hints}
    return kind(
        **{
            name: _built(value, hints[name]) if hints[name] in _BY_FIELD else msgspec.convert(value, hints[name])
            for name, value in known.items()
        }
    )


@cache
def _hints(kind: Hashable) -> dict[str, Any]:
    hints = get_type_hints(kind)
    names = [name for name, _ in _defaults(kind) or ()]
    return {name: hints[name] for name in names}


_encoder = msgspec.msgpack.Encoder()


@cache
def _decoder(kind: Hashable) -> Any:
    return msgspec.msgpack.Decoder(kind)


# --- patches -------------------------------------------------------------------------------------


Ends = tuple[bytes, bytes]
"""The labels of a track change before and after it, by `encode_track`."""


def encode_patch(patch: Patch) -> bytes:
    """Return a patch as bytes.

    Raises:
        StoreError: it holds something that can't be written (see `encode_value`).
    """
    return encode_patch_and_ends(patch)[0]


def encode_patch_and_ends(patch: Patch) -> tuple[bytes, list[Ends | None]]:
    """Return a patch as bytes, and for each of its changes the encoded labels in it, None for one without labels.

    Raises:
        StoreError: it holds something that can't be written (see `encode_value`).
    """
    rows: list[list[Any]] = []
    ends: list[Ends | None] = []
    for change in patch.changes:
        if isinstance(change, TrackChange):
            tracks = encode_track(change.before), encode_track(change.after)
            ends.append(tracks)
            rows.append(["track", change.instance, change.unit, *tracks])
        else:
            ends.append(None)
            rows.append(_plain(change))
    return _encoded([PATCH_FORMAT, rows]), ends


def decode_patch(data: bytes) -> Patch:
    """Return the patch that `encode_patch` wrote.

    Raises:
        StoreTooNew: a later version wrote it.
        StoreCorrupt: the bytes are not those of a patch.
    """
    try:
        version, rows = _decoder(tuple[int, list[list[Any]]]).decode(data)
        if version > PATCH_FORMAT:
            raise StoreTooNew("a journal entry was written by a newer version", hint="update tui-editor")
        return Patch(tuple(_change(row) for row in rows))
    except (msgspec.DecodeError, ValueError, IndexError) as error:
        raise StoreCorrupt("a journal entry can't be read") from error


def _plain(change: InstanceChange | IssueChange | DecisionChange | StatusChange) -> list[Any]:
    match change:
        case InstanceChange():
            return ["instance", change.id, slim(change.before), slim(change.after)]
        case IssueChange():
            return ["issue", change.id, slim(change.before), slim(change.after)]
        case DecisionChange():
            return ["decision", change.instance, slim(change.before), slim(change.after)]
        case StatusChange():
            return ["status", slim(change.before), slim(change.after)]


def _change(row: list[Any]) -> Change:
    match row:
        case ["track", instance, unit, before, after, *_]:
            return TrackChange(InstanceId(instance), UnitId(unit), decode_track(before), decode_track(after))
        case ["instance", key, before, after, *_]:
            return InstanceChange(InstanceId(key), _back(before, Instance), _back(after, Instance))
        case ["issue", key, before, after, *_]:
            return IssueChange(IssueId(key), _back(before, Issue), _back(after, Issue))
        case ["decision", key, before, after, *_]:
            return DecisionChange(InstanceId(key), _back(before, ReviewDecision), _back(after, ReviewDecision))
        case ["status", before, after, *_]:
            return StatusChange(msgspec.convert(before, TaskStatus), msgspec.convert(after, TaskStatus))
    raise ValueError(f"unknown change {row[:1]}")


def _back(raw: Any, kind: type[_T]) -> _T | None:
    return None if raw is None else msgspec.convert(raw, kind)
