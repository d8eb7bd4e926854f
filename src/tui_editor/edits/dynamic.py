"""Dynamic answers on ranges of frames: lay one over others, cut ranges out, take them along to another instance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tui_editor.model.ids import UnitId
    from tui_editor.model.instances import DynamicAnswer

LAST_FRAME = 2**31 - 1
"""The last frame that can be: a range that goes on to the end ends here."""


def without(old: DynamicAnswer, new: DynamicAnswer) -> list[DynamicAnswer]:
    """Return what is left of an answer where a new one of the same attribute is laid over it."""
    if (old.attribute, old.unit) != (new.attribute, new.unit):
        return [old]
    return outside([old], new.unit, new.first, new.last)


def outside(answers: Iterable[DynamicAnswer], unit: UnitId, first: int, last: int) -> list[DynamicAnswer]:
    """Return the answers without what they say of frames first..last of a unit."""
    kept: list[DynamicAnswer] = []
    for answer in answers:
        if answer.unit != unit or answer.last < first or answer.first > last:
            kept.append(answer)
        else:
            pieces = [replace(answer, last=first - 1), replace(answer, first=last + 1)]
            kept += [p for p in pieces if p.first <= p.last]
    return kept


def within(answers: Iterable[DynamicAnswer], unit: UnitId, first: int, last: int) -> list[DynamicAnswer]:
    """Return what the answers say of frames first..last of a unit."""
    found = [a for a in answers if a.unit == unit and a.first <= last and a.last >= first]
    return [replace(a, first=max(a.first, first), last=min(a.last, last)) for a in found]


def beside(answers: Iterable[DynamicAnswer], present: Iterable[DynamicAnswer]) -> list[DynamicAnswer]:
    """Return what the answers say where none of `present` says anything of the attribute."""
    left = list(answers)
    for answer in present:
        left = [piece for a in left for piece in without(a, answer)]
    return left


def joined(answers: Sequence[DynamicAnswer]) -> tuple[DynamicAnswer, ...]:
    """Return the answers in order, neighbours of equal value as one."""
    ordered = sorted(answers, key=lambda a: (a.attribute, a.unit, a.first))
    found: list[DynamicAnswer] = []
    for answer in ordered:
        last = found[-1] if found else None
        same = last and (last.attribute, last.unit, last.value) == (answer.attribute, answer.unit, answer.value)
        if last and same and last.last + 1 == answer.first:
            found[-1] = replace(last, last=answer.last)
        else:
            found.append(answer)
    return tuple(found)
