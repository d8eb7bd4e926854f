from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.api.demo.actors import WIDTH
from tui_editor.api.demo.build import demo_project
from tui_editor.api.demo.faults import FaultKind, PlantedFault
from tui_editor.api.demo.labels import demo_tasks, planted_faults
from tui_editor.api.demo.ontology import answer, class_id
from tui_editor.api.demo.street import ground_truth
from tui_editor.edits.workflow import requirements
from tui_editor.model.shapes import Box, Keypoint, Polygon, RotatedBox, bounds, coordinates

if TYPE_CHECKING:
    from typing import Any

    import numpy as np

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.shapes import Shape


def planted(kind: FaultKind) -> tuple[PlantedFault, LabelDocument]:
    (fault,) = [f for f in planted_faults() if f.kind is kind]
    (document,) = [t.document for t in demo_tasks() if t.task.id == fault.task]
    return fault, document


def shape_of(kind: FaultKind, frame: int, row: int = 0) -> Shape | None:
    fault, document = planted(kind)
    found = document.label(fault.instance_ids[row], fault.unit, frame)
    return found.shape if found else None


def truth(name: str, number: int, frame: int) -> Shape:
    return next(t.shape for t in ground_truth(frame) if (t.name, t.number) == (name, number))


def overlap(a: Shape | None, b: Shape | None) -> float:
    """Intersection over union of two boxes."""
    assert isinstance(a, Box)
    assert isinstance(b, Box)
    across = min(a.x + a.width, b.x + b.width) - max(a.x, b.x)
    down = min(a.y + a.height, b.y + b.height) - max(a.y, b.y)
    both = max(across, 0) * max(down, 0)
    return both / (a.width * a.height + b.width * b.height - both)


def test_every_kind_of_fault_is_planted_and_told() -> None:
    assert set(FaultKind) == {f.kind for f in planted_faults()}
    assert all(f.sentence.endswith(".") for f in planted_faults())


def test_every_fault_names_instances_that_are_there() -> None:
    documents = {t.task.id: t.document for t in demo_tasks()}
    for fault in planted_faults():
        assert all(i in documents[fault.task].instances for i in fault.instance_ids)


def test_the_shifted_box_is_off_its_taxi_only_on_its_frames() -> None:
    fault, _ = planted(FaultKind.SHIFTED)
    first, last = fault.frames
    for frame in range(first, last + 1):
        assert overlap(shape_of(fault.kind, frame), truth("Car", 2, frame)) < 0.5
    for frame in (first - 1, last + 1):
        assert overlap(shape_of(fault.kind, frame), truth("Car", 2, frame)) == 1


def test_the_boat_is_missing_on_the_gaps_frames_only() -> None:
    fault, document = planted(FaultKind.GAP)
    track = document.track(fault.instance_ids[0], fault.unit)
    assert track is not None
    assert ((0, fault.frames[0] - 1), (fault.frames[1] + 1, 299)) == track.ranges()


def test_red_and_blue_car_swap_identities() -> None:
    fault, _ = planted(FaultKind.ID_SWITCH)
    before, after = fault.frames[0] - 1, fault.frames[0]
    for row, other in ((0, 1), (1, 0)):
        assert overlap(shape_of(fault.kind, before, row), truth("Car", row, before)) == 1
        assert overlap(shape_of(fault.kind, after, row), truth("Car", other, after)) == 1
        assert overlap(shape_of(fault.kind, fault.frames[1], row), truth("Car", other, fault.frames[1])) == 1


def test_the_duplicate_lies_on_the_truck() -> None:
    fault, _ = planted(FaultKind.DUPLICATE)
    for frame in range(fault.frames[0], fault.frames[1] + 1):
        assert overlap(shape_of(fault.kind, frame, 0), shape_of(fault.kind, frame, 1)) > 0.9
    assert shape_of(fault.kind, fault.frames[0] - 1, 1) is None


def test_the_van_is_labelled_wholly_outside() -> None:
    fault, _ = planted(FaultKind.OUTSIDE)
    for frame in range(fault.frames[0], fault.frames[1] + 1):
        box = bounds(shape_of(fault.kind, frame) or Keypoint(0, 0))
        assert box is not None
        assert box[2] < 0 or box[0] > WIDTH


def test_the_vans_type_is_required_and_missing() -> None:
    fault, document = planted(FaultKind.MISSING_ANSWER)
    assert fault.instance_ids == tuple(r.instance for r in requirements(document, demo_project()))


def test_the_spoon_is_called_a_boat() -> None:
    fault, document = planted(FaultKind.WRONG_CLASS)
    assert class_id("Boat") == document.instances[fault.instance_ids[0]].class_id
    assert isinstance(shape_of(fault.kind, 0), RotatedBox)


def test_the_pupil_called_left_is_left_of_the_right_one() -> None:
    fault, document = planted(FaultKind.WRONG_ANSWER)
    named = {document.instances[i].answers[answer("Landmark", "Which", "Nose")[0]]: i for i in fault.instance_ids}
    sides = []
    for side in ("Left pupil", "Right pupil"):
        found = document.label(named[answer("Landmark", "Which", side)[1]], fault.unit, 0)
        assert found is not None
        assert isinstance(found.shape, Keypoint)
        sides.append(found.shape.x)
    assert sides[0] < sides[1]  # a cat that faces us has its left eye on our right


def test_nobody_labelled_the_second_flower() -> None:
    fault, document = planted(FaultKind.MISSING_OBJECT)
    assert fault.region_px is not None
    top = fault.region_px[1]
    for track in document.tracks.values():
        box = bounds(track.geometry.shape(0))
        assert box is None or box[3] < top


def test_the_helmets_outline_crosses_itself() -> None:
    shape = shape_of(FaultKind.SELF_INTERSECTION, 0)
    assert isinstance(shape, Polygon)
    assert crossings(coordinates(shape)[0]) == 1


def test_no_other_outline_crosses_itself() -> None:
    fault, _ = planted(FaultKind.SELF_INTERSECTION)
    for one in demo_tasks():
        for (instance, _), track in one.document.tracks.items():
            shape = track.geometry.shape(0)
            if isinstance(shape, Polygon) and instance not in fault.instance_ids:
                assert all(crossings(r) == 0 for r in coordinates(shape))


def crossings(ring: np.ndarray[Any, np.dtype[np.float64]]) -> int:
    """Number of pairs of edges of a closed ring that cross, without those that share a corner."""
    ends = [(ring[i], ring[(i + 1) % len(ring)]) for i in range(len(ring))]
    pairs = [(i, j) for i in range(len(ends)) for j in range(i + 2, len(ends)) if (j + 1) % len(ends) != i]
    return sum(_cross(*ends[i], *ends[j]) for i, j in pairs)


def _cross(*points: np.ndarray[Any, np.dtype[np.float64]]) -> bool:
    a, b, c, d = points

    def side(p: np.ndarray[Any, Any], q: np.ndarray[Any, Any], r: np.ndarray[Any, Any]) -> float:
        return float((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]))

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0
