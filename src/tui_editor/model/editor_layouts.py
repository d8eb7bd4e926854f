"""Custom layouts of the editor: JSON that says which windows there are and which data unit each shows.

Source: `editor_layout_schema.json` of encord-team/Annotate, of 2024 (snake_case) and of 2025 and later (camelCase);
both spellings are read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

_NAMES: Final[Mapping[str, str]] = {
    "dicom_tags_query": "dicomTagsQuery",
    "client_metadata_query": "clientMetadataQuery",
    "and_conditions": "andConditions",
    "or_conditions": "orConditions",
    "dicom_tags": "dicomTags",
    "client_metadata": "clientMetadata",
}
"""The spelling of 2024, and the one now."""
_QUERIES: Final = {"dicomTagsQuery": "tag", "clientMetadataQuery": "key"}
_FILTERS: Final = {"dicomTags": "tag", "clientMetadata": "key"}
_TOP: Final = frozenset({"grid", "gridContent", "topLevelGridFilter", "settings", "$schema"})
_SPLIT: Final = frozenset({"direction", "first", "second", "splitPercentage"})
_TAG: Final = re.compile(r"[0-9A-Fa-f]{8}")
_MOST_DEEP: Final = 40
_MOST_WINDOWS: Final = 100


def modern(value: Any, depth: int = 0) -> Any:
    """Return a layout in the spelling of now. What is nested too deeply is cut, and then found to be a fault."""
    if depth > _MOST_DEEP:
        return None
    if isinstance(value, Mapping):
        return {_NAMES.get(str(key), str(key)): modern(each, depth + 1) for key, each in value.items()}
    return [modern(each, depth + 1) for each in value] if isinstance(value, list) else value


def layout_faults(value: Any) -> Iterator[str]:
    """Yield what is wrong with a layout, with the place as a JSON pointer; nothing when it is right."""
    if not isinstance(value, Mapping):
        yield "/: a layout is an object with grid and gridContent"
        return
    layout = modern(value)
    for name in ("grid", "gridContent"):
        if name not in layout:
            yield f"/{name}: it is missing"
    yield from (f"/{key}: it means nothing" for key in layout if key not in _TOP)
    if "grid" in layout:
        yield from _grid_faults(layout["grid"])
    if "gridContent" in layout:
        yield from _content_faults(layout["gridContent"], set(windows_of(layout)))
    if layout.get("topLevelGridFilter") is not None:
        yield from _filter_faults(layout["topLevelGridFilter"])
    settings = layout.get("settings")
    if settings is not None and not (
        isinstance(settings, Mapping)
        and set(settings) <= {"fixedLayout"}
        and all(isinstance(each, bool) for each in settings.values())
    ):
        yield "/settings: only fixedLayout, true or false, is known"


def windows_of(layout: Mapping[str, Any]) -> tuple[int, ...]:
    """Return the numbers of a layout's windows, from the top left on; what is no number is left out."""
    found: list[int] = []

    def walk(grid: Any, depth: int) -> None:
        if _is_number(grid):
            found.append(grid)
        elif isinstance(grid, list) and depth < _MOST_DEEP:
            for each in grid:
                walk(each, depth + 1)
        elif isinstance(grid, Mapping) and depth < _MOST_DEEP:
            walk(grid.get("first"), depth + 1)
            walk(grid.get("second"), depth + 1)

    walk(layout.get("grid"), 0)
    return tuple(found)


def grouping_key(layout: Mapping[str, Any]) -> str:
    """Return the key of the client metadata that groups tasks by a layout; empty: none does."""
    found = modern(layout).get("topLevelGridFilter") or {}
    metadata = found.get("clientMetadata") if isinstance(found, Mapping) else None
    return str(metadata.get("key", "")) if isinstance(metadata, Mapping) else ""


def layout_words(layout: Mapping[str, Any]) -> str:
    """Return a layout in a few words: `2 windows, grouped by case`."""
    windows, plain = windows_of(layout), modern(layout)
    content = plain.get("gridContent")
    fixed = sum(bool(each.get("readonly")) for each in content.values()) if isinstance(content, Mapping) else 0
    said = [f"{len(windows)} window{'' if len(windows) == 1 else 's'}"]
    said += [f"{fixed} read-only"] if fixed else []
    said += [f"grouped by {key}"] if (key := grouping_key(layout)) else []
    return ", ".join(said)


# --- the parts ----------------------------------------------------------------------------------------------------


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _grid_faults(grid: Any) -> Iterator[str]:
    if isinstance(grid, list):
        if not grid:
            yield "/grid: it has no row"
        for number, row in enumerate(grid):
            if not (isinstance(row, list) and row and all(map(_is_number, row))):
                yield f"/grid/{number}: a row is a list of window numbers"
    elif isinstance(grid, Mapping):
        yield from _tree_faults(grid, "/grid", 0)
    else:
        yield "/grid: it is neither a list of rows nor a tree"
    windows = windows_of({"grid": grid})
    if len(windows) > _MOST_WINDOWS:
        yield f"/grid: there are more than {_MOST_WINDOWS} windows"
    yield from (f"/grid: window {n} stands there twice" for n in sorted({n for n in windows if windows.count(n) > 1}))


def _tree_faults(node: Any, at: str, depth: int) -> Iterator[str]:
    if _is_number(node):
        return
    if not isinstance(node, Mapping) or depth > _MOST_DEEP:
        yield f"{at}: it is neither a window number nor a split"
        return
    if node.get("direction") not in ("row", "column"):
        yield f"{at}/direction: it is row or column"
    share = node.get("splitPercentage")
    if isinstance(share, bool) or not isinstance(share, (int, float)) or not 5 <= share <= 95:
        yield f"{at}/splitPercentage: it is a number from 5 to 95"
    yield from (
        f"{at}/{key}: it means nothing"
        for key in node
        if key not in {"direction", "first", "second", "splitPercentage"}
    )
    for name in ("first", "second"):
        if name in node:
            yield from _tree_faults(node[name], f"{at}/{name}", depth + 1)
        else:
            yield f"{at}/{name}: it is missing"


def _content_faults(content: Any, windows: set[int]) -> Iterator[str]:
    if not isinstance(content, Mapping):
        yield "/gridContent: it is an object by window number"
        return
    for number, said in content.items():
        at = f"/gridContent/{number}"
        if not (number.isascii() and number.isdigit() and int(number[:9]) in windows):
            yield f"{at}: the grid has no such window"
        if not isinstance(said, Mapping):
            yield f"{at}: it is an object"
            continue
        for key, value in said.items():
            if key in _QUERIES:
                yield from _query_faults(value, f"{at}/{key}", _QUERIES[key]) if value is not None else ()
            elif key != "readonly":
                yield f"{at}/{key}: it means nothing"
            elif not isinstance(value, bool):
                yield f"{at}/readonly: it is true or false"


def _query_faults(query: Any, at: str, name: str, depth: int = 0) -> Iterator[str]:
    if not isinstance(query, Mapping) or depth > _MOST_DEEP:
        yield f"{at}: it is a comparison, andConditions or orConditions"
        return
    lists = [key for key in ("andConditions", "orConditions") if key in query]
    if not lists:
        yield from _comparison_faults(query, at, name, with_value=True)
        return
    for key in query:
        if key not in lists:
            yield f"{at}/{key}: it can't stand beside {lists[0]}"
    for key in lists:
        items = query[key]
        if not isinstance(items, list) or len(items) < 2:
            yield f"{at}/{key}: it is a list of two conditions or more"
            continue
        for number, item in enumerate(items):
            yield from _query_faults(item, f"{at}/{key}/{number}", name, depth + 1)


def _comparison_faults(said: Mapping[str, Any], at: str, name: str, *, with_value: bool) -> Iterator[str]:
    wanted = {name, "operator", "value"} if with_value else {name, "operator"}
    yield from (f"{at}/{key}: it is missing" for key in sorted(wanted - set(said)))
    yield from (f"{at}/{key}: it means nothing" for key in said if key not in wanted)
    if said.get("operator", "=") != "=":
        yield f"{at}/operator: only = is known"
    subject = said.get(name, "")
    if not isinstance(subject, str):
        yield f"{at}/{name}: it is a text"
    elif name == "tag" and name in said and not _TAG.fullmatch(subject):
        yield f"{at}/tag: it is eight hexadecimal digits"
    if not isinstance(said.get("value", ""), str):
        yield f"{at}/value: it is a text"


def _filter_faults(said: Any) -> Iterator[str]:
    at = "/topLevelGridFilter"
    if not isinstance(said, Mapping) or len(said) != 1 or next(iter(said)) not in _FILTERS:
        yield f"{at}: it is dicomTags or clientMetadata with one comparison"
        return
    ((key, comparison),) = said.items()
    if isinstance(comparison, Mapping):
        yield from _comparison_faults(comparison, f"{at}/{key}", _FILTERS[key], with_value=False)
    else:
        yield f"{at}/{key}: it is an object"


# --- what a layout means ------------------------------------------------------------------------------------------


class Split(Struct, frozen=True, kw_only=True):
    """Parts of the canvas beside each other (`across`) or one above the other, with their shares."""

    across: bool
    parts: tuple[Split | int, ...]
    """Splits, or numbers of windows."""
    shares: tuple[float, ...]


def split_of(layout: Mapping[str, Any]) -> Split | int:
    """Return how a layout without faults divides the canvas; rows of a grid are as high as each other."""
    grid = layout["grid"]
    if not isinstance(grid, list):
        return _branch(grid)
    rows = [_joined([(1.0, number) for number in row], across=True) for row in grid]
    return _joined([(1.0, row) for row in rows], across=False)


def _branch(node: Any) -> Split | int:
    if _is_number(node):
        return int(node)
    share = float(node["splitPercentage"])
    parts = [(share, _branch(node["first"])), (100 - share, _branch(node["second"]))]
    return _joined(parts, across=node["direction"] == "row")


def _joined(parts: list[tuple[float, Split | int]], *, across: bool) -> Split | int:
    if len(parts) == 1:
        return parts[0][1]
    return Split(across=across, parts=tuple(p for _, p in parts), shares=tuple(s for s, _ in parts))


def without_windows(split: Split | int, gone: Container[int]) -> Split | int | None:
    """Return a division of the canvas without some windows; None where none is left. The others get their place."""
    if isinstance(split, int):
        return None if split in gone else split
    pairs = ((share, without_windows(part, gone)) for share, part in zip(split.shares, split.parts, strict=True))
    left = [(share, part) for share, part in pairs if part is not None]
    return _joined(left, across=split.across) if left else None


def content_of(layout: Mapping[str, Any], number: int) -> Mapping[str, Any]:
    """Return what a layout says of a window, in the spelling of now; nothing where it says nothing."""
    content = modern(layout).get("gridContent")
    found = content.get(str(number)) if isinstance(content, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def has_query(content: Mapping[str, Any]) -> bool:
    """Return whether a window asks for data units of a kind."""
    return any(content.get(name) for name in _QUERIES)


def is_shown(content: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    """Return whether a window shows a data unit with such client metadata (DICOM tags by their eight digits there)."""
    return all(_holds(content[name], subject, facts) for name, subject in _QUERIES.items() if content.get(name))


def _holds(query: Mapping[str, Any], subject: str, facts: Mapping[str, Any]) -> bool:
    if "andConditions" in query or "orConditions" in query:
        every = (_holds(each, subject, facts) for each in query.get("andConditions", ()))
        some = [_holds(each, subject, facts) for each in query.get("orConditions", ())]
        return all(every) and (any(some) or not some)
    key = query[subject]
    spelled = (key, key.upper(), key.lower()) if subject == "tag" else (key,)
    value = next((facts[each] for each in spelled if each in facts), None)
    return value is not None and str(value) == query["value"]
