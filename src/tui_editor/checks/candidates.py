"""Labels held against predictions or ground truth, frame by frame: what kind of error each may be."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tui_editor.checks.rule import Fault, context_sheet
from tui_editor.checks.sheets import Labelled, sheet_of
from tui_editor.model.geometry import box_iou

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from tui_editor.model.sheet import Sheet
    from tui_editor.ports import CheckContext


class _Frame(NamedTuple):
    """The labels of a frame, and those of the other side."""

    rows: NDArray[np.intp]
    others: NDArray[np.intp]
    iou: NDArray[np.float64]
    """(labels, others)."""
    same: NDArray[np.bool_]
    """(labels, others) whether they have the same class."""


def _frames(mine: Sheet, theirs: Sheet) -> Iterator[_Frame]:
    """Yield the frames on which the other side has labels, in order."""
    by_frame: dict[tuple[int, int], NDArray[np.intp]] = {}
    order, bounds = mine.by_frame
    for start, stop in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        rows = order[start:stop]
        if len(rows):
            by_frame[mine.place(int(rows[0])).unit, int(mine.frames[rows[0]])] = rows
    none = np.empty(0, np.intp)
    order, bounds = theirs.by_frame
    for start, stop in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        others = order[start:stop]
        if not len(others):
            continue
        rows = by_frame.get((theirs.place(int(others[0])).unit, int(theirs.frames[others[0]])), none)
        names = np.array([mine.class_ids[c] for c in mine.classes[rows]], object)
        other_names = np.array([theirs.class_ids[c] for c in theirs.classes[others]], object)
        iou = np.nan_to_num(box_iou(mine.boxes[rows], theirs.boxes[others]))
        yield _Frame(rows, others, iou, names[:, None] == other_names[None, :])


def _sides(context: CheckContext) -> tuple[Sheet, Sheet] | None:
    if context.reference is None:
        return None
    return context_sheet(context), sheet_of([Labelled(context.task, context.reference, context.project.ontology)])


def candidates(context: CheckContext, values: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield labels that predictions of some confidence contradict."""
    sides = _sides(context)
    for frame in _frames(*sides) if sides is not None else ():
        mine, theirs = sides  # type: ignore[misc]  # there are frames only where there are sides
        for n, row in enumerate(frame.others.tolist()):
            score = float(theirs.confidence[row])
            if score < values["confidence"]:
                continue
            iou, same = frame.iou[:, n], frame.same[:, n]
            place, at = theirs.place(row), int(theirs.frames[row])
            name = place.name.rpartition(" (")[0]
            best = int(np.argmax(iou)) if len(iou) else -1
            if best < 0 or iou[best] < values["background"]:
                text = f"a {name} seems to be missing: predicted with {score:.2f}"
                yield Fault(message=text, unit=place.unit, frame=at)
            elif iou[best] >= values["iou"] and not same[iou >= values["iou"]].any():
                label = mine.place(int(frame.rows[best]))
                text = f"{label.name} may be a {name}: predicted with {score:.2f}"
                yield Fault(message=text, unit=place.unit, frame=at, instance=label.instance)
            elif iou[best] < values["iou"] and same[best]:
                label = mine.place(int(frame.rows[best]))
                text = f"{label.name} may be misplaced: the prediction covers it by {100 * iou[best]:.0f} % IoU"
                yield Fault(message=text, unit=place.unit, frame=at, instance=label.instance)


def error_kinds(context: CheckContext, values: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield the kinds of errors that are frequent in a task."""
    sides = _sides(context)
    counts: Counter[str] = Counter()
    total = 0
    for frame in _frames(*sides) if sides is not None else ():
        total += len(frame.others)
        counts.update(_kinds(frame, values["iou"], values["background"]))
    for kind, n in sorted(counts.items()):
        if total and n >= values["share"] * total:
            yield Fault(message=f"{n} of {total} objects of the reference: {kind}")


def _kinds(frame: _Frame, least: float, background: float) -> Iterator[str]:
    """Yield the kind of each label's error (Bolya et al., TIDE, 2020), and what is missed."""
    taken = np.zeros(len(frame.others), bool)
    for n in range(len(frame.rows)):
        iou, same = frame.iou[n], frame.same[n]
        right = same & (iou >= least)
        if right.any():
            best = int(np.argmax(np.where(right, iou, -1)))
            if taken[best]:
                yield "labelled twice"
            taken[best] = True
        elif (~same & (iou >= least)).any():
            yield "another class"
        elif (same & (iou >= background)).any():
            yield "misplaced"
        elif (iou >= background).any():
            yield "another class, and misplaced"
        else:
            yield "not in the reference"
    for n in np.flatnonzero(~taken).tolist():
        if not (frame.iou[:, n] >= background).any():
            yield "missed"
