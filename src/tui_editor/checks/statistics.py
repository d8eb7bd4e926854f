"""Rules about what is unusual in all tasks together: never errors (family X)."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tui_editor.checks.geometry import sides_px
from tui_editor.checks.moments import Moments, moments_by_group
from tui_editor.checks.rule import Fault, Rule, fault_at
from tui_editor.ports import CheckContext, Param, Reads, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tui_editor.model.sheet import Sheet

MEASURES: Final = ("width", "height", "area", "ratio of sides")
GRID: Final = 4
"""Regions of a frame in each direction."""


def class_counts(sheet: Sheet, _: Mapping[str, Any]) -> Any:
    """Return the objects of each class: a track counts once."""
    counts = np.bincount(sheet.classes[sheet.starts], minlength=len(sheet.class_ids)).tolist()
    return Counter({_name(sheet, n): count for n, count in enumerate(counts) if count})


def _name(sheet: Sheet, number: int) -> str:
    """Return what people call a class."""
    row = int(np.argmax(sheet.classes == number))
    return sheet.place(row).name.rpartition(" (")[0]


def _names(sheet: Sheet) -> list[str]:
    return [_name(sheet, n) for n in range(len(sheet.class_ids))]


def total(tallies: Iterable[Any]) -> Counter[Any]:
    """Return counts together."""
    found: Counter[Any] = Counter()
    for tally in tallies:
        found.update(tally)
    return found


def _imbalance(tallies: Iterable[Any], values: Mapping[str, Any]) -> Iterator[Fault]:
    counts = total(tallies)
    if len(counts) < 2:
        return
    (most, n), (least, few) = counts.most_common(1)[0], min(counts.items(), key=lambda pair: (pair[1], pair[0]))
    if n >= values["ratio"] * few:
        yield Fault(message=f"there are {n} of {most}, {few} of {least}: {n / few:.0f} times as many")


def _few(tallies: Iterable[Any], values: Mapping[str, Any]) -> Iterator[Fault]:
    few = sorted((n, name) for name, n in total(tallies).items() if n < values["least_labels"])
    if few:
        some = ", ".join(f"{name} ({n})" for n, name in few[:8]) + (", …" if len(few) > 8 else "")
        yield Fault(message=f"{len(few)} class{'es have' if len(few) > 1 else ' has'} very few objects: {some}")


# --- sizes ----------------------------------------------------------------------------------------


_EDGE_PX = 1.0
"""A label that comes as near to the frame's edge may be cut by it."""


def _sizes(sheet: Sheet, values: Mapping[str, Any]) -> Any:
    """Return the moments of each class's measures, as logarithms, with the extremes' places."""
    sides = sides_px(sheet)
    cut = ((sheet.low <= _EDGE_PX) | (sheet.high >= sheet.sizes - _EDGE_PX)).any(axis=1)
    known = np.flatnonzero(np.isfinite(sides).all(axis=1) & ~cut)
    width, height = np.log(sides[known]).T
    names = _names(sheet)
    found = {}
    for measure, column in zip(MEASURES, (width, height, width + height, width - height), strict=True):
        for number, moments in moments_by_group(sheet, known, column, values["sigmas"]).items():
            found[names[number], measure] = moments
    return found


def _far(tallies: Iterable[Any], values: Mapping[str, Any]) -> Iterator[Fault]:
    sums: dict[tuple[str, str], Moments] = {}
    for tally in tallies:
        for key, moments in tally.items():
            sums[key] = sums[key].joined(moments) if key in sums else moments
    told: set[tuple[int, int]] = set()
    for (name, measure), moments in sums.items():
        if moments.n < values["least_labels"]:
            continue
        mean, sigma = moments.mean, moments.sigma
        for value, place, frame in moments.extremes:
            off = abs(value - mean) / sigma if sigma > 0 else 0.0
            at = (place.task, place.instance)
            if off > values["sigmas"] and at not in told:
                told.add(at)
                found = f"{np.exp(value):.3g}, usual is {np.exp(mean):.3g}"
                text = f"{place.name} has an unusual {measure} for {name}: {found}"
                yield fault_at(place, frame, f"{text} ({off:.1f} σ)")


# --- density, regions -----------------------------------------------------------------------------


def _density(sheet: Sheet, values: Mapping[str, Any]) -> Any:
    order, bounds = sheet.by_frame
    counts = np.diff(bounds)
    rows = order[bounds[:-1]]
    return moments_by_group(sheet, rows, counts.astype(float), values["sigmas"], one_group=True)


def _crowded(tallies: Iterable[Any], values: Mapping[str, Any]) -> Iterator[Fault]:
    moments = Moments.empty()
    for tally in tallies:
        for some in tally.values():
            moments = moments.joined(some)
    for value, place, frame in moments.extremes if moments.n >= values["least_frames"] else ():
        off = (value - moments.mean) / moments.sigma if moments.sigma > 0 else 0.0
        if off > values["sigmas"]:
            text = f"{value:.0f} labels on a frame, usual are {moments.mean:.1f} ({off:.1f} σ)"
            yield fault_at(place, frame, text, whole_frame=True)


def _regions(sheet: Sheet, _: Mapping[str, Any]) -> Any:
    """Return how often each class is in each region of its frame, and where it was seen first."""
    with np.errstate(invalid="ignore", divide="ignore"):
        cell = np.floor(sheet.centres / sheet.sizes * GRID)
    begins = sheet.starts  # the labels of a track are near one another
    rows = begins[((cell[begins] >= 0) & (cell[begins] < GRID)).all(axis=1)]
    number = sheet.classes[rows] * GRID * GRID + (cell[rows, 1] * GRID + cell[rows, 0]).astype(np.int64)
    keys, first, counts = np.unique(number, return_index=True, return_counts=True)
    names = _names(sheet)
    found = {}
    for key, row, n in zip(keys.tolist(), rows[first].tolist(), counts.tolist(), strict=True):
        where = (sheet.place(row), int(sheet.frames[row])) if n == 1 else None
        found[names[key // (GRID * GRID)], key % (GRID * GRID)] = (n, where)
    return found


def _strange_region(tallies: Iterable[Any], values: Mapping[str, Any]) -> Iterator[Fault]:
    counts: dict[tuple[str, int], tuple[int, Any]] = {}
    for tally in tallies:
        for key, (n, where) in tally.items():
            known = counts.get(key, (0, None))
            counts[key] = (known[0] + n, where or known[1])
    of_class: Counter[str] = Counter()
    for (name, _cell), (n, _where) in counts.items():
        of_class[name] += n
    for (name, cell), (n, where) in sorted(counts.items(), key=lambda item: item[0]):
        if n == 1 and where is not None and of_class[name] >= values["least_labels"]:
            place, frame = where
            column, row = cell % GRID + 1, cell // GRID + 1
            text = (
                f"{place.name} is in column {column}, row {row} of {GRID}×{GRID} of its frame, where no other {name} is"
            )
            yield fault_at(place, frame, text)


# --- people, answers ------------------------------------------------------------------------------


def _by_person(context: CheckContext, _: Mapping[str, Any]) -> Any:
    """Return of each person and class: labels, and the sum and sum of squares of the logarithm of their areas."""
    found: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for (key, _unit), track in context.document.tracks.items():
        value = context.document.instances.get(key)
        if value is None or not track.people or track.geometry.fixed.shape[1] < 4:
            continue
        entry = context.project.ontology.find(value.class_id)
        name = entry.name if entry is not None else str(value.class_id)
        area = track.geometry.fixed[:, 2:4].prod(axis=1)
        for number in np.unique(track.author).tolist():
            mine = area[(track.author == number) & (area > 0)]
            if number >= 0 and len(mine):
                logs = np.log(mine)
                sums = found[track.people[number], name]
                for n, more in enumerate((len(mine), float(logs.sum()), float((logs**2).sum()))):
                    sums[n] += more
    return dict(found)


def _drift(tallies: Iterable[Any], values: Mapping[str, Any]) -> Iterator[Fault]:
    sums: dict[tuple[str, str], np.ndarray[Any, Any]] = {}
    for tally in tallies:
        for key, numbers in tally.items():
            sums[key] = sums.get(key, np.zeros(3)) + np.array(numbers)
    people = sorted({person for person, _name in sums})
    for name in sorted({name for _person, name in sums}):
        for person in people:
            mine = sums.get((person, name))
            others = sum((v for (p, n), v in sums.items() if n == name and p != person), np.zeros(3))
            if mine is None or min(mine[0], others[0]) < values["least_labels"]:
                continue
            gap = _means_apart(mine, others)
            if gap > values["deviations"]:
                ratio = np.exp(mine[1] / mine[0] - others[1] / others[0])
                text = f"{person} labels {name} {ratio:.2f} times as large as others do ({gap:.1f} standard deviations)"
                yield Fault(message=text)
    yield from _mix(sums, people, values)


def _means_apart(mine: Any, others: Any) -> float:
    """Return by how many standard deviations two means differ (Cohen's d)."""
    variances = [max(v[2] / v[0] - (v[1] / v[0]) ** 2, 1e-12) for v in (mine, others)]
    return float(abs(mine[1] / mine[0] - others[1] / others[0]) / np.sqrt(np.mean(variances)))


def _mix(sums: Mapping[tuple[str, str], Any], people: Sequence[str], values: Mapping[str, Any]) -> Iterator[Fault]:
    names = sorted({name for _person, name in sums})
    counts = {p: np.array([sums[p, n][0] if (p, n) in sums else 0.0 for n in names]) for p in people}
    for person in people if len(people) > 1 else ():
        mine = counts[person]
        others = np.sum([v for p, v in counts.items() if p != person], axis=0)
        if min(mine.sum(), others.sum()) >= values["least_labels"]:
            apart = float(np.abs(mine / mine.sum() - others / others.sum()).sum() / 2)
            if apart > values["mix"]:
                text = f"{person} has another mix of classes than others: {100 * apart:.0f} % of the labels differ"
                yield Fault(message=text)


def _answers(context: CheckContext, _: Mapping[str, Any]) -> Any:
    found: Counter[tuple[str, str]] = Counter()
    ontology = context.project.ontology
    for instance in context.document.instances.values():
        for key, value in (*instance.answers.items(), *((a.attribute, a.value) for a in instance.dynamic)):
            attribute = ontology.attribute(key)
            for chosen in value if attribute is not None and isinstance(value, tuple) else ():
                option = attribute.option(chosen) if attribute is not None else None
                if attribute is not None and option is not None:
                    found[attribute.name, option.label] += 1
    return found


def _lopsided(tallies: Iterable[Any], values: Mapping[str, Any]) -> Iterator[Fault]:
    by_attribute: dict[str, dict[str, int]] = defaultdict(dict)
    for (attribute, option), n in total(tallies).items():
        by_attribute[attribute][option] = n
    for attribute, options in by_attribute.items():
        most, least = max(options, key=lambda o: options[o]), min(options, key=lambda o: options[o])
        if options[most] >= values["ratio"] * options[least]:
            yield Fault(message=f"{attribute}: {options[most]} times {most}, {options[least]} times {least}")


RULES = (
    Rule(
        rule="X01",
        title="classes are very unequally frequent",
        severity=Severity.INFO,
        doc="The most frequent class has at least `ratio` times as many objects as the rarest one.",
        reads=Reads.PROJECT,
        tally=class_counts,
        conclude=_imbalance,
        params=(Param("ratio", 50.0, "times as many objects"),),
        hint="label more of the rare class, or weigh the classes in training",
    ),
    Rule(
        rule="X02",
        title="a class has very few objects",
        severity=Severity.INFO,
        doc="Fewer than `least_labels` in all tasks.",
        reads=Reads.PROJECT,
        tally=class_counts,
        conclude=_few,
        params=(Param("least_labels", 10, "objects that a class should have"),),
        hint="label more of them",
    ),
    Rule(
        rule="X03",
        title="a label has an unusual size for its class",
        severity=Severity.INFO,
        doc="Width, height, area or ratio of sides is more than `sigmas` standard deviations from the class's mean, "
        "on a logarithmic scale; the five farthest on each side, for classes of at least `least_labels` labels. "
        "Labels at the frame's edge do not count: it may cut them.",
        reads=Reads.PROJECT,
        tally=_sizes,
        conclude=_far,
        params=(
            Param("sigmas", 5.0, "standard deviations from the mean"),
            Param("least_labels", 30, "labels from which on a class is judged"),
        ),
        hint="look at it",
    ),
    Rule(
        rule="X04",
        title="a frame has unusually many labels",
        severity=Severity.INFO,
        doc="More than `sigmas` standard deviations above the mean of all frames with labels, if there are "
        "`least_frames`.",
        reads=Reads.PROJECT,
        tally=_density,
        conclude=_crowded,
        params=(
            Param("sigmas", 5.0, "standard deviations above the mean"),
            Param("least_frames", 30, "frames from which on is judged"),
        ),
        hint="look for labels that were pasted twice",
    ),
    Rule(
        rule="X05",
        title="somebody labels otherwise than the others",
        severity=Severity.INFO,
        doc="A person's labels of a class are larger or smaller by `deviations` standard deviations of the "
        "logarithm of the "
        "area, or the mix of classes differs by more than `mix`; from `least_labels` labels on.",
        reads=Reads.PROJECT,
        tally_task=_by_person,
        conclude=_drift,
        params=(
            Param("deviations", 0.8, "standard deviations between the means"),
            Param("mix", 0.4, "share of labels of other classes"),
            Param("least_labels", 50, "labels of each side from which on is judged"),
        ),
        hint="compare some of the tasks, and talk",
    ),
    Rule(
        rule="X06",
        title="answers are very unequally frequent",
        severity=Severity.INFO,
        doc="An option was chosen at least `ratio` times as often as another one of its attribute that was chosen.",
        reads=Reads.PROJECT,
        tally_task=_answers,
        conclude=_lopsided,
        params=(Param("ratio", 50.0, "times as often"),),
        hint="see whether the rare answers are slips",
    ),
    Rule(
        rule="X07",
        title="a label is where its class never is",
        severity=Severity.INFO,
        doc="The only one of its class in one of 4×4 regions of the frame, of at least `least_labels` objects.",
        reads=Reads.PROJECT,
        tally=_regions,
        conclude=_strange_region,
        params=(Param("least_labels", 300, "labels from which on a class is judged"),),
        hint="look at it",
    ),
)
