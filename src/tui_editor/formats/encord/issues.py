"""Issues with the keys that Encord's interface has on the wire; those of ours only where they say more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui_editor.formats.encord.names import long_hash, ours
from tui_editor.formats.encord.times import iso_ms, parse_ms
from tui_editor.model.ids import InstanceId, IssueId, new_id
from tui_editor.model.issues import Comment, Issue, IssueKind, Resolution

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui_editor.formats.encord.places import Place
    from tui_editor.model.frames import Unit

TYPES = {
    IssueKind.LABEL: "annotation",
    IssueKind.FILE: "dataUnit",
    IssueKind.PIN: "frameCoordinate",
    IssueKind.FRAME: "frame",
    IssueKind.FRAME_RANGE: "frameRange",
    IssueKind.REQUIREMENT: "requirement",
}
_KINDS = {name: kind for kind, name in TYPES.items()}


def write_issue(issue: Issue, units: tuple[Unit, ...], hashes: Mapping[InstanceId, str]) -> dict[str, Any]:
    """Return an issue as JSON; a pin has relative coordinates as Encord has them, and exact pixels beside."""
    out: dict[str, Any] = {
        "type": TYPES[issue.kind],
        "uuid": str(int(issue.id)),
        "authorEmail": issue.author,
        "createdAt": iso_ms(issue.created_ms),
        "comments": [
            {"content": c.text, "authorEmail": c.author, "createdAt": iso_ms(c.at_ms)} for c in issue.comments
        ],
        "tags": [{"name": t} for t in issue.tags],
        "resolutionHistory": [
            {"isResolved": r.resolved, "actorEmail": r.by, "createdAt": iso_ms(r.at_ms)} for r in issue.history
        ],
    }
    row = next((n for n, u in enumerate(units) if u.id == issue.unit), None)
    if row is not None:
        part = ours(units[row].extra)
        name = part.get("space") or next(iter(part.get("keys", ())), long_hash(int(units[row].id)))
        out |= {"dataUuid": name, "unit": row}
    if issue.frames is not None:
        first, last = issue.frames
        single = issue.kind in {IssueKind.FRAME, IssueKind.PIN} and first == last
        out |= {"frameIndex": first} if single else {"frameRanges": [{"start": first, "end": last}]}
    if issue.point is not None:
        out |= {"coordinate": _relative(issue, units, row), "pointPx": list(issue.point)}
    if issue.instance is not None and issue.instance in hashes:
        out["annotationId"] = hashes[issue.instance]
    if issue.stage:
        out["stage"] = issue.stage
    return out | {k: True for k in ("rejection", "skip") if getattr(issue, k)}


def _relative(issue: Issue, units: tuple[Unit, ...], row: int | None) -> dict[str, float]:
    assert issue.point is not None, "asked by the caller"
    width, height = units[row].size(issue.frames[0] if issue.frames else 0) if row is not None else (1, 1)
    return {"x": issue.point[0] / (width or 1), "y": issue.point[1] / (height or 1)}


def read_issue(
    source: dict[str, Any], place: Place, units: tuple[Unit, ...], by_hash: Mapping[str, InstanceId]
) -> Issue:
    """Return an issue with a new id.

    Raises:
        FormatError: its type is unknown or a part is of a wrong type.
    """
    kind = _KINDS.get(place.member(source, "type", str))
    if kind is None:
        raise place.at("type").error("there is no such type of issue")
    comments = tuple(_comment(v, place.at("comments")) for v in place.member(source, "comments", list, []))
    history = place.member(source, "resolutionHistory", list, [])
    tags = (place.at("tags").as_object(v) for v in place.member(source, "tags", list, []))
    unit = _unit(source, units)
    frames = _frames(source, place)
    return Issue(
        id=IssueId(new_id()),
        kind=kind,
        author=place.member(source, "authorEmail", str, comments[0].author if comments else ""),
        created_ms=parse_ms(source.get("createdAt")) or (comments[0].at_ms if comments else 0),
        unit=None if unit is None else unit.id,
        frames=frames,
        point=_point(source, place, unit, frames),
        instance=by_hash.get(str(source.get("annotationId"))),
        tags=tuple(str(t.get("name", "")) for t in tags),
        comments=comments,
        history=tuple(_resolution(v, place.at("resolutionHistory")) for v in history),
        rejection=source.get("rejection") is True,
        skip=source.get("skip") is True,
        stage=place.member(source, "stage", str, ""),
    )


def _unit(source: dict[str, Any], units: tuple[Unit, ...]) -> Unit | None:
    row = source.get("unit")
    if type(row) is int and 0 <= row < len(units):
        return units[row]
    name = source.get("dataUuid")
    named = (u for u in units if name and name in (*ours(u.extra).get("keys", ()), ours(u.extra).get("space")))
    return next(named, None)


def _frames(source: dict[str, Any], place: Place) -> tuple[int, int] | None:
    index, ranges = source.get("frameIndex"), source.get("frameRanges")
    if type(index) is int:
        return index, index
    if not ranges:
        return None
    found = place.at("frameRanges", 0).as_object(place.at("frameRanges").as_list(ranges)[0])
    start, end = found.get("start"), found.get("end")
    if type(start) is not int or type(end) is not int:
        raise place.at("frameRanges", 0).error("a range has no start or end")
    return start, end


def _point(
    source: dict[str, Any], place: Place, unit: Unit | None, frames: tuple[int, int] | None
) -> tuple[float, float] | None:
    exact, relative = source.get("pointPx"), source.get("coordinate")
    try:
        if exact is not None:
            x, y = exact
            return float(x), float(y)
        if relative is None:
            return None
        width, height = unit.size(frames[0] if frames else 0) if unit else (1, 1)
        return float(relative["x"]) * (width or 1), float(relative["y"]) * (height or 1)
    except (TypeError, ValueError, KeyError) as error:
        raise place.error("a pin has no coordinate") from error


def _comment(value: Any, place: Place) -> Comment:
    source = place.as_object(value)
    author, text = str(source.get("authorEmail", "")), str(source.get("content", ""))
    return Comment(author=author, at_ms=parse_ms(source.get("createdAt")), text=text)


def _resolution(value: Any, place: Place) -> Resolution:
    source = place.as_object(value)
    by, at_ms = str(source.get("actorEmail", "")), parse_ms(source.get("createdAt"))
    return Resolution(resolved=source.get("isResolved") is True, by=by, at_ms=at_ms)
