"""Limits of figures on the command line: `f1=0.9`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from tui_editor.errors import UsageError
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Gate(NamedTuple):
    """A figure and the least (of faults: the most) that it may be."""

    name: str
    limit: float
    higher_is_better: bool


def read_gates(texts: Sequence[str]) -> tuple[Gate, ...]:
    """Return the gates of `NAME=VALUE`, several with commas.

    Raises:
        UsageError: there is no such figure, or the value is no number.
    """
    return tuple(_gate(part.strip()) for text in texts for part in text.split(",") if part.strip())


def _gate(text: str) -> Gate:
    from tui_editor.metrics.figures import FIGURES, figure_named

    name, sign, value = text.partition("=")
    figure = figure_named(name.strip())
    if figure is None:
        known = ", ".join(f.name for f in FIGURES)
        raise UsageError(f"there is no figure named {one_line(name)}", hint=f"figures: {known}")
    try:
        limit = float(value)
    except ValueError:
        limit = math.nan
    if not sign or not math.isfinite(limit):
        raise UsageError(f"{one_line(text)} has no limit", hint=f"write {figure.name}=0.9")
    return Gate(figure.name, limit, figure.higher_is_better)


def failed(gates: Sequence[Gate], figures: Mapping[str, float]) -> list[str]:
    """Return in words which gates don't hold.

    Raises:
        UsageError: a figure could not be measured: a gate that nothing can fail proves nothing.
    """
    found = []
    for gate in gates:
        value = figures.get(gate.name, math.nan)
        if math.isnan(value):
            raise UsageError(
                f"{gate.name} can't be measured here", hint="the two sides have nothing in common that it is about"
            )
        if value < gate.limit if gate.higher_is_better else value > gate.limit:
            found.append(f"{gate.name} is {value:.4g}, {'below' if gate.higher_is_better else 'above'} {gate.limit:g}")
    return found
