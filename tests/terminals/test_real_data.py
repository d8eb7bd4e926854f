"""Real data from import to export in real emulators: seen, reviewed by real keys, handed on, exported, read again."""

from __future__ import annotations

import copy
import json
import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from tests.formats.encord.sdk import Sdk, differences, newer
from tests.support.data import shared_data
from tests.terminals.harness import kitty, xterm
from tests.terminals.picture import Picture, difference
from tests.terminals.sitting import Program, Sitting, off, on_screen, shows_dialog, shows_queue, where
from tui_editor.model.issues import DecisionState
from tui_editor.model.shapes import Box

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.terminals.harness import XDisplay
    from tui_editor.model.document import LabelDocument

pytestmark = pytest.mark.terminal

CLOSE = {"kitty": 3.0, "xterm": 9.0}
"""Mean difference of a frame from its file: kitty shows all colours, sixel 256."""
TIGHT_PX = 6.0
"""An outline lies half outside its label, and a selected one has handles. In pixels of the screen."""
NUDGE_PX = 20
WALKED_PX = 45
"""How far the first pedestrian gets in ten frames."""
REFINED = 1.0
"""Mean difference that a picture makes when it is shown truer because the keys rest."""
ONTOLOGY = {
    "objects": [
        {
            "id": "1",
            "name": "Pedestrian",
            "color": "#ff00ff",
            "shape": "bounding_box",
            "featureNodeHash": "ped00001",
            "attributes": [],
        }
    ],
    "classifications": [],
}


@pytest.fixture(params=[kitty, xterm], ids=["kitty", "xterm"])
def program(request: pytest.FixtureRequest, display: XDisplay, tmp_path: Path) -> Program:
    made = Program(emulator=request.param, display=display, project=tmp_path / "project")
    made.shell("init")
    return made


def states(document: LabelDocument) -> list[str]:
    return sorted(decision.state.value for decision in document.decisions.values())


def shows(program: Program, frame: Image.Image) -> Callable[[Picture], bool]:
    """Return whether the frame is on the screen without anything over it."""
    return lambda picture: off(picture, frame) < CLOSE[program.emulator.__name__]


def around(colour: tuple[int, int, int], bounds: tuple[float, ...], size: tuple[int, int]) -> Callable[[Picture], bool]:
    """Return whether what is seen of a colour reaches from edge to edge of a label's bounds in the frame."""

    def holds(picture: Picture) -> bool:
        found, wanted = where(picture, colour, size), on_screen(picture, bounds, size)
        return found is not None and all(abs(a - b) < TIGHT_PX for a, b in zip(found, wanted, strict=True))

    return holds


def seen(colour: tuple[int, int, int], size: tuple[int, int]) -> Callable[[Picture], bool]:
    """Return whether a colour is seen in the frame."""
    return lambda picture: where(picture, colour, size) is not None


def look_at(sitting: Sitting, frame: Image.Image, colour: tuple[int, int, int], bounds: tuple[float, ...]) -> None:
    """See the label where it lies, the frame alone and sharp, and a dialog over both that leaves no trace."""
    sitting.wait(seen(colour, frame.size), "labels")
    sitting.keys("t", "t")  # nothing written beside the labels
    sitting.wait(around(colour, bounds, frame.size))
    sitting.keys("underscore", "space", "b")
    sitting.wait(shows(sitting.program, frame), "frame")
    sitting.keys("b")
    before = sitting.wait(around(colour, bounds, frame.size), "alone")
    sitting.keys("i")
    sitting.wait(shows_dialog, "dialog")
    sitting.keys("Escape")
    sitting.wait(lambda picture: not shows_dialog(picture) and difference(before, picture) < REFINED, "after-dialog")
    sitting.keys("underscore", "space")
    sitting.wait(around(colour, bounds, frame.size), "panes-again")


def to_review(sitting: Sitting) -> None:
    """Leave the editor for the queue, if it is not there yet, and open the first task in review."""
    sitting.wait(shows_queue)
    sitting.keys("slash")
    sitting.enter("stage:review")
    sitting.wait(shows_queue, "queue-of-reviews")
    sitting.keys("Return")


# --- COCO --------------------------------------------------------------------------------------------


def nudged(annotation: dict[str, Any], by: float) -> dict[str, Any]:
    """Return a COCO annotation moved to the right."""
    moved = copy.deepcopy(annotation)
    moved["bbox"][0] += by
    for ring in moved["segmentation"]:
        ring[::2] = [x + by for x in ring[::2]]
    return moved


def test_a_coco_photo_is_seen_corrected_reviewed_and_exported_equal_but_for_the_correction(
    program: Program, tmp_path: Path
) -> None:
    source = json.loads(shared_data("coco", "instances.json").read_text())
    program.shell("import", str(shared_data("coco", "instances.json")))
    program.shell("priority", "1", "images/000000000030.jpg")
    photo = Image.open(shared_data("coco", "images", "000000000030.jpg"))
    names = {c["id"]: c["name"] for c in source["categories"]}
    (plant,) = [a for a in source["annotations"] if a["image_id"] == 30 and names[a["category_id"]] == "potted plant"]
    x, y, width, height = plant["bbox"]
    colour = program.colour("potted plant")

    with program.queue() as sitting:
        sitting.keys("Return")
        look_at(sitting, photo, colour, (x, y, x + width, y + height))
        sitting.keys("j", "e", *str(NUDGE_PX), "l", "Escape")
        sitting.wait(around(colour, (x + NUDGE_PX, y, x + NUDGE_PX + width, y + height), photo.size), "nudged")
        sitting.keys("Return")
        sitting.wait_kept("030.jpg", lambda d: d.status.stage == "review", "next-task")
        sitting.keys("q")
        to_review(sitting)
        sitting.wait(seen(colour, photo.size), "review")
        sitting.keys("a", "x", "2")
        sitting.wait_kept("030.jpg", lambda d: states(d) == ["approved", "rejected"], "decided")
        sitting.keys("Return")
        sitting.wait(shows_queue, "ended")
        sitting.keys("q")

    document = program.read("030.jpg").document
    assert (document.status.stage, document.status.state.value) == ("annotate", "reopened")
    (rejected,) = [i for i, d in document.decisions.items() if d.state is DecisionState.REJECTED]
    (issue,) = document.open_issues()
    assert (issue.instance, issue.title) == (rejected, "Wrong class")
    program.shell("export", str(tmp_path / "out.json"), "--format", "coco")
    exported = json.loads((tmp_path / "out.json").read_text())
    wanted = [nudged(a, NUDGE_PX) if a["id"] == plant["id"] else a for a in source["annotations"]]
    (moved,) = [a for a in exported["annotations"] if a["id"] == plant["id"]]
    assert moved["area"] == pytest.approx(plant["area"], rel=1e-3), "counted anew"
    moved["area"] = plant["area"]
    assert differences(wanted, exported["annotations"]) == []
    assert differences(source["images"], exported["images"]) == []
    assert differences(source["categories"], exported["categories"]) == []


# --- video -------------------------------------------------------------------------------------------


def decoded(path: Path, index: int) -> Image.Image:
    """Return a frame of a video by counting from its beginning."""
    import av

    with av.open(str(path)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number == index:
                return Image.fromarray(np.asarray(frame.to_ndarray(format="rgb24")))
    raise AssertionError(f"there is no frame {index}")


def test_pedestrians_are_boxed_by_key_on_two_frames_and_rejected_in_review(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    video = shared_data("mot", "vtest_480x360.avi")
    (tmp_path / "classes").mkdir()
    (tmp_path / "classes" / "ontology.json").write_text(json.dumps(ONTOLOGY))
    program.shell("import", str(tmp_path / "classes" / "ontology.json"))
    program.shell("import", str(video))
    first, later = decoded(video, 0), decoded(video, 10)
    colour = program.colour("Pedestrian")

    with program.queue() as sitting:
        sitting.keys("Return")
        sitting.wait(shows(program, first), "first-frame")
        sitting.keys("s", "b")
        sitting.keys("1", "at")
        sitting.enter("155,133 24x62")
        look_at(sitting, first, colour, (155, 133, 179, 195))
        sitting.keys("1", "0", "l", "r", "e", *str(WALKED_PX), "l", "Escape")
        sitting.wait(around(colour, (155 + WALKED_PX, 133, 179 + WALKED_PX, 195), later.size), "later-frame")
        sitting.keys("b")
        sitting.wait(shows(program, later))
        sitting.keys("b", "Return")
        sitting.wait_kept("vtest_480x360.avi", lambda d: d.status.stage == "review")
        to_review(sitting)
        sitting.wait(seen(colour, later.size), "review")
        sitting.keys("x", "1")
        sitting.wait_kept("vtest_480x360.avi", lambda d: states(d) == ["rejected"], "rejected")
        sitting.keys("Return")
        sitting.wait(shows_queue)
        sitting.keys("q")

    opened = program.read("vtest_480x360.avi")
    (instance,) = opened.document.instances
    unit = opened.task.units[0].id
    labels = [opened.document.label(instance, unit, index) for index in (0, 10)]
    assert [label.shape for label in labels if label] == [Box(155, 133, 24, 62), Box(155 + WALKED_PX, 133, 24, 62)]
    program.shell("export", str(tmp_path / "out"), "--format", "encord")
    (row,) = json.loads((tmp_path / "out" / "labels.json").read_text())
    (data,) = row["data_units"].values()
    boxes = {frame: entry["objects"][0]["boundingBox"] for frame, entry in data["labels"].items()}
    right = {"x": 155 / 480, "y": 133 / 360, "w": 24 / 480, "h": 62 / 360}
    assert differences({"0": right, "10": {**right, "x": (155 + WALKED_PX) / 480}}, boxes) == []
    sdk = Sdk(json.loads((tmp_path / "out" / "ontology.json").read_text()), monkeypatch)
    assert differences(newer(row), newer(sdk.written_back(row))) == []


# --- Encord ------------------------------------------------------------------------------------------


def sample(folder: Path) -> Path:
    """Return an Encord row of all shapes beside its ontology and a picture of the size that it names."""
    folder.mkdir()
    shutil.copy(shared_data("encord_samples", "ontology_all.json"), folder)
    shutil.copy(shared_data("encord_samples", "image_all_shapes.export.json"), folder)
    y, x = np.mgrid[0:48, 0:64].astype(np.uint8)
    Image.fromarray(np.stack([x * 2, y * 3, 90 + x], axis=-1)).save(folder / "street.png")
    return folder / "image_all_shapes.export.json"


def objects(row: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what is labelled on the first data unit of a row."""
    found: list[dict[str, Any]] = next(iter(row["data_units"].values()))["labels"]["objects"]
    return found


def without_edit(row: dict[str, Any], name: str) -> dict[str, Any]:
    """Return a row without who changed an object last, and when."""
    out = copy.deepcopy(row)
    for thing in objects(out):
        if thing["name"] == name:
            del thing["lastEditedAt"], thing["lastEditedBy"]
    return out


def test_an_encord_row_of_all_shapes_is_seen_corrected_reviewed_and_read_by_the_sdk(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = sample(tmp_path / "row")
    (source,) = json.loads(path.read_text())
    picture = Image.open(path.parent / "street.png")
    program.shell("import", str(path))
    opened = program.read("street.png").document
    colour = program.colour("Car")
    (boxed,) = [thing for thing in objects(source) if thing["name"] == "Car"]
    box = boxed["boundingBox"]
    left, top, right, bottom = box["x"] * 64, box["y"] * 48, (box["x"] + box["w"]) * 64, (box["y"] + box["h"]) * 48

    with program.queue() as sitting:
        sitting.keys("Return")
        look_at(sitting, picture, colour, (left, top, right, bottom))
        sitting.keys("slash")
        sitting.enter("class:Car")
        sitting.keys("j", "e", *str(NUDGE_PX), "l", "Escape", "g", "slash")
        sitting.wait(around(colour, (left + NUDGE_PX, top, right + NUDGE_PX, bottom), picture.size), "nudged")
        sitting.keys("Return")
        sitting.wait_kept("street.png", lambda d: d.status.stage == "review")
        to_review(sitting)
        sitting.wait(seen(colour, picture.size), "review")
        sitting.keys("x", "1", "A", "a")  # the last one is an answer about the whole picture
        count = len(opened.instances)
        sitting.wait_kept("street.png", lambda d: states(d) == ["approved"] * (count - 1) + ["rejected"], "decided")
        sitting.keys("Return")
        sitting.wait(shows_queue)
        sitting.keys("q")

    program.shell("export", str(tmp_path / "out"), "--format", "encord")
    (row,) = json.loads((tmp_path / "out" / "labels.json").read_text())
    wanted = copy.deepcopy(source)
    (moved,) = [thing for thing in objects(wanted) if thing["name"] == "Car"]
    moved["boundingBox"]["x"] += NUDGE_PX / 64
    assert differences(without_edit(wanted, "Car"), without_edit(row, "Car")) == []
    sdk = Sdk(json.loads((tmp_path / "out" / "ontology.json").read_text()), monkeypatch)
    assert differences(newer(row), newer(sdk.written_back(row))) == []
