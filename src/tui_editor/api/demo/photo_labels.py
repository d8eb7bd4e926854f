"""The labels of the demo's photographs, placed by hand; pixels of each photograph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.api.demo import photo_outlines as outlines
from tui_editor.api.demo.draft import Draft, Thing, label
from tui_editor.api.demo.faults import FaultKind, PlantedFault
from tui_editor.model.mask_outlines import polygon_to_bitmask
from tui_editor.model.shapes import Box, Keypoint, Polygon, RotatedBox, Visibility, polygon, polyline, skeleton

if TYPE_CHECKING:
    from tui_editor.model.shapes import Shape

CAT = "Cat, close up"
COFFEE = "Coffee on a wooden table"
PAGODA = "Pagoda by the lake"
DAHLIA = "Dahlia"
EYE = "Eye, seen from behind"
PEOPLE = "People and rockets"

PHOTOS: dict[str, tuple[tuple[str, int, int], ...]] = {
    CAT: (("chelsea.jpg", 451, 300),),
    COFFEE: (("coffee.jpg", 600, 400),),
    PAGODA: (("china.jpg", 640, 427),),
    DAHLIA: (("flower.jpg", 640, 427),),
    EYE: (("retina.jpg", 706, 706),),
    PEOPLE: (("astronaut.jpg", 512, 512), ("camera.jpg", 512, 512), ("rocket.jpg", 640, 427)),
}
"""File, width and height of each frame, by the task's title."""


_MISSED_FLOWER = (288.0, 375.0, 178.0, 52.0)


def photo_drafts() -> tuple[Draft, ...]:
    """Return the labels of each photo task, the planted faults among them."""
    return _cat(), _coffee(), _pagoda(), _dahlia(), _eye(), _people()


def _put(draft: Draft, owner: str, shape: Shape, frame: int = 0) -> Thing:
    return draft.add(owner, [label(frame, shape)])


def _scene(draft: Draft, place: str, weather: str = "") -> None:
    thing = draft.add("Scene")
    thing.say("Place", place)
    if weather:
        thing.say("Weather", weather)


def _cat() -> Draft:
    draft = Draft(CAT)
    _scene(draft, "Indoors")
    _put(draft, "Animal", Box(0, 0, 392, 300))
    # the cat looks at us: its left eye is on our right, so these two are the wrong way round
    _put(draft, "Landmark", Keypoint(173.5, 110.5)).say("Which", "Left pupil")
    _put(draft, "Landmark", Keypoint(314.0, 130.0)).say("Which", "Right pupil")
    _put(draft, "Landmark", Keypoint(267.0, 240.0)).say("Which", "Nose")
    return draft


def _coffee() -> Draft:
    draft = Draft(COFFEE)
    _scene(draft, "Indoors")
    _put(draft, "Cup", polygon(outlines.CUP, outlines.COFFEE))
    _put(draft, "Boat", RotatedBox(347.5, 66.0, 80.0, 264.0, 12.0))
    return draft


def _pagoda() -> Draft:
    draft = Draft(PAGODA)
    _scene(draft, "Outdoors", "Sunny")
    _put(draft, "Building", polygon(outlines.PAGODA))
    _put(draft, "Pond", Polygon(((outlines.LAKE, outlines.ISLAND), (outlines.BAY,))))
    return draft


def _dahlia() -> Draft:
    draft = Draft(DAHLIA)
    _scene(draft, "Outdoors")
    _put(draft, "Flower", polygon_to_bitmask(polygon(outlines.DAHLIA), 640, 427)).say("Whole", "Yes")
    return draft


def _eye() -> Draft:
    draft = Draft(EYE)
    _scene(draft, "Medical")
    _put(draft, "Optic disc", polygon(outlines.DISC))
    _put(draft, "Blood vessel", polyline(outlines.UPPER_VESSEL))
    _put(draft, "Blood vessel", polyline(outlines.LOWER_VESSEL))
    _put(draft, "Landmark", Keypoint(354.0, 352.0)).say("Which", "Fovea")
    return draft


def _people() -> Draft:
    draft = Draft(PEOPLE)
    _scene(draft, "Outdoors")
    _put(draft, "Person", Box(23, 15, 340, 497))
    _put(draft, "Helmet", polygon(outlines.HELMET))
    _put(draft, "Rocket", Box(353, 0, 104, 290))
    _put(draft, "Person", Box(0, 63, 331, 449), 1)
    seen = [Visibility.VISIBLE] * 8 + [Visibility.INVISIBLE, Visibility.VISIBLE, Visibility.INVISIBLE]
    _put(draft, "Pedestrian", skeleton(outlines.CAMERAMAN, seen), 1)
    _put(draft, "Rocket", Box(309, 126, 26, 281), 2)
    for points in outlines.TOWERS:
        _put(draft, "Tower", polyline(points), 2)
    return draft


PHOTO_FAULTS = (
    PlantedFault(
        kind=FaultKind.WRONG_ANSWER,
        task_title=CAT,
        instances=("Landmark (0)", "Landmark (1)"),
        sentence="Left and right pupil are the wrong way round: left is the cat's left, on our right.",
    ),
    PlantedFault(
        kind=FaultKind.WRONG_CLASS,
        task_title=COFFEE,
        instances=("Boat (0)",),
        sentence="The spoon is labelled as a boat.",
    ),
    PlantedFault(
        kind=FaultKind.MISSING_OBJECT,
        task_title=DAHLIA,
        region_px=_MISSED_FLOWER,
        sentence="The second flower, at the lower edge, has no label.",
    ),
    PlantedFault(
        kind=FaultKind.SELF_INTERSECTION,
        task_title=PEOPLE,
        instances=("Helmet (0)",),
        sentence="The outline of the helmet crosses itself at the top.",
    ),
)
"""What is wrong with the photographs' labels."""
