"""What a benchmark reports, and how figures are shown; shared by all benchmarks."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING, TypedDict, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


class Figure(TypedDict):
    """One line of the table.

    Attributes:
        name: What was measured.
        value: Ours, in `unit`; None when it can't be measured here, which `peer` then explains.
        unit: "ms", "MB", "frames/s" …
        peer: What it is held against, and the wanted ratio; empty without one.
        peer_value: The peer's value in the same unit, measured in the same run.
        ratio: value / peer_value.
        n: How many runs the values are medians of.
    """

    name: str
    value: float | None
    unit: str
    peer: str
    peer_value: float | None
    ratio: float | None
    n: int


def figure(name: str, value: float, unit: str, *, n: int, peer: str = "", peer_value: float | None = None) -> Figure:
    """Return a figure with its ratio worked out."""
    ratio = value / peer_value if peer_value else None
    return Figure(name=name, value=value, unit=unit, peer=peer, peer_value=peer_value, ratio=ratio, n=n)


def absent(name: str, unit: str, *, why: str) -> Figure:
    """Return the figure of something that can't be measured here."""
    return Figure(name=name, value=None, unit=unit, peer=why, peer_value=None, ratio=None, n=0)


def check_figure(reported: Mapping[str, object]) -> Figure:
    """Return what a benchmark reported; ValueError when a key is missing or unknown."""
    wanted = Figure.__required_keys__
    if set(reported) != wanted:
        raise ValueError(f"{reported.get('name')}: keys {sorted(set(reported) ^ wanted)} are missing or unknown")
    return cast("Figure", reported)


def interleaved_medians_ms(
    subjects: Mapping[str, Callable[[], object]], *, runs: int, clock: Callable[[], float] = time.perf_counter
) -> dict[str, float]:
    """Return the median time of each subject in ms; they take turns, so that a busy machine slows all alike.

    Args:
        subjects: What to run.
        runs: How often each.
        clock: In seconds; `time.process_time` for CPU time, which a busy machine disturbs less.
    """
    times: dict[str, list[float]] = {name: [] for name in subjects}
    for _ in range(runs):
        for name, subject in subjects.items():
            started = clock()
            subject()
            times[name].append((clock() - started) * 1000)
    return {name: statistics.median(values) for name, values in times.items()}


def as_table(figures: Sequence[Figure]) -> str:
    """Return the figures as an aligned table."""
    head = ("figure", "value", "unit", "peer", "peer's", "ratio", "n")
    rows = [head, *(_row(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _row(figure: Figure) -> tuple[str, ...]:
    values = (figure["value"], figure["peer_value"], figure["ratio"])
    value, peer_value, ratio = ("-" if number is None else f"{number:.3g}" for number in values)
    return figure["name"], value, figure["unit"], figure["peer"], peer_value, ratio, str(figure["n"])
