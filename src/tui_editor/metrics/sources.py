"""What a source said of an instance that measures need: its score, whether it is a crowd, its area, its group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

if TYPE_CHECKING:
    from tui_editor.model.instances import Instance

_SCORES = ("score", "confidence")
_GROUPS = ("group", "group_id", "groupId")
_WORDS = (*_SCORES, *_GROUPS, "iscrowd", "area", "num_keypoints")


class Said(NamedTuple):
    """What was said, None where nothing was."""

    score: float | None = None
    crowd: bool = False
    area: float | None = None
    """Square pixels."""
    group: str | None = None
    keypoints: int | None = None
    """Number of labelled points."""


NOTHING = Said()
_decode = msgspec.json.Decoder().decode


def said_of(instance: Instance) -> Said:
    """Return what an instance's source said, wherever its format keeps it."""
    if not instance.extra:
        return NOTHING
    known = {word: instance.extra[word] for word in _WORDS if word in instance.extra}
    for value in instance.extra.values():
        known = {**_known(value), **known}
    return Said(
        score=_number(known, *_SCORES),
        crowd=bool(known.get("iscrowd")),
        area=_number(known, "area"),
        group=_group(known),
        keypoints=None if (count := _number(known, "num_keypoints")) is None else int(count),
    )


def _known(value: Any) -> Mapping[str, Any]:
    """Return the mapping that a format keeps, as a value or as JSON; an annotation's own fields lie under `keep`."""
    if isinstance(value, str) and value.startswith("{"):
        try:
            value = _decode(value)
        except msgspec.DecodeError:
            return {}
    if not isinstance(value, Mapping):
        return {}
    own = value.get("keep", value)
    return own if isinstance(own, Mapping) else {}


def _number(known: Mapping[str, Any], *names: str) -> float | None:
    for name in names:
        value = known.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
    return None


def _group(known: Mapping[str, Any]) -> str | None:
    """Return a group's name; 0 and null are the absence of one, as CVAT and LabelMe write it."""
    found = next((known[name] for name in _GROUPS if known.get(name) not in (None, 0, "")), None)
    return None if found is None else str(found)
