"""Label files that were damaged at random are read or refused with an error of ours, soon; nothing else leaves."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.data import shared_data
from tui_editor.errors import TuiEditorError
from tui_editor.formats.registry import registry
from tui_editor.ports import ImportOptions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow

MUTATIONS = 200
HOSTILE: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    1 << 31,
    1 << 63,
    10**400,
    1e308,
    -0.0,
    5e-324,
    "",
    "\x1b[31m\0",
    "9" * 5000,
    "\ud800",
    [],
    {},
    [[]],
    [None],
    {"": None},
    [1e308] * 8,
    [0, 0, -5, -5],
    {"counts": "999999999", "size": [1 << 30, 1 << 30]},
    {"counts": [1 << 40], "size": [3, 3]},
    {"counts": [0] * 100, "size": [-1, 5]},
)
SAMPLES = (
    ("coco", "coco/instances.json"),
    ("coco", "coco_keypoints/test_coco.json"),
    ("encord", "encord_samples/image_all_shapes.export.json"),
    ("encord", "encord_samples/video.export.json"),
)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every (container, key) of a JSON value."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from places(value[key])


def mutated(value: Any, chance: random.Random) -> None:
    """Change one to three places in a JSON value: another value, gone, doubled, swapped."""
    for _ in range(chance.randint(1, 3)):
        found = list(places(value))
        if not found:
            return
        container, key = chance.choice(found)
        how = chance.random()
        if how < 0.6:
            container[key] = chance.choice(HOSTILE)
        elif how < 0.8:
            del container[key]
        elif isinstance(container, list):
            container.append(container[key])
        else:
            container[f"{key}\u202e"] = container.pop(key)


def damaged(text: bytes, chance: random.Random) -> bytes:
    """Change bytes: cut, flip, insert."""
    at = chance.randrange(len(text))
    how = chance.randrange(3)
    if how == 0:
        return text[:at]
    if how == 1:
        return text[:at] + bytes([text[at] ^ (1 << chance.randrange(8))]) + text[at + 1 :]
    return text[:at] + chance.choice([b"\0", b"[" * 3000, b'{"a":' * 3000, b"\xff\xfe", b"1e999", b"NaN"]) + text[at:]


def smaller(value: Any) -> Any:
    """The same data with at most three images or so: a mutation shall hit something."""
    if isinstance(value, dict) and "annotations" in value and "images" in value:
        images = value["images"][:3]
        kept = {image["id"] for image in images}
        rows = [row for row in value["annotations"] if row["image_id"] in kept][:12]
        return {**value, "images": images, "annotations": rows, "categories": value["categories"][:12]}
    return value


@pytest.mark.parametrize(("name", "sample"), SAMPLES)
@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_a_mutated_file_is_read_or_refused_with_an_error_of_ours(name: str, sample: str, tmp_path: Path) -> None:
    source = shared_data(*sample.split("/"))
    if not source.is_file():
        pytest.skip(f"{sample} is not in the kit")
    text = json.dumps(smaller(json.loads(source.read_bytes())))
    chance = random.Random(sample)
    reader, file = registry().get(name), tmp_path / "labels.json"
    read, complaints = 0, list[str]()
    for number in range(MUTATIONS):
        if number % 4:
            value = json.loads(text)
            mutated(value, chance)
            file.write_bytes(json.dumps(value).encode())
        else:
            file.write_bytes(damaged(text.encode(), chance))
        registry().detect(file)
        try:
            opened = reader.read(file, ImportOptions(root="data"))
            read += sum(1 for _ in opened.tasks()) > 0
            opened.losses()
        except TuiEditorError as error:
            complaints.append(str(error))
    assert [text for text in complaints if "\x1b" in text] == []
    assert 0 < read < MUTATIONS, "some are read, some refused"
