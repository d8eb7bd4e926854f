"""Label files and folders: COCO, Encord, MOTChallenge, bare media; read by their format, and by `tui-editor check`."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from tests.fuzz.mutations import json_mutated, text_mutated
from tests.fuzz.target import Target, unless_broken
from tests.support.data import SHARED
from tui_editor.errors import ExitCode
from tui_editor.formats.registry import registry
from tui_editor.ports import ImportOptions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from random import Random

RAW = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")
"""Control characters but the newline."""
REPORTS = ("text", "json", "junit", "sarif", "github", "html")
COCO = ("coco/instances.json", "coco_keypoints/test_coco.json", "panoptic/panoptic_coco_detection_format.json")
ENCORD = (
    "encord_samples/image_all_shapes.export.json",
    "encord_samples/image_all_shapes.sdk.json",
    "encord_samples/image_group.export.json",
    "encord_samples/video.export.json",
    "encord_samples/data_group_spaces.sdk.json",
    "encord/video_dynamic_labels.json",
    "encord/skeleton_labels.json",
    "encord/native_image_labels.json",
)
ONTOLOGIES = ("encord_samples/ontology_all.json", "encord/all_types_ontology.json", "encord/skeleton_ontology.json")

# --- seeds ---------------------------------------------------------------------------------------


def made_coco() -> dict[str, Any]:
    """Return a COCO file with every kind of shape, crowds, scores, attributes and a skeleton."""
    images = [{"id": n, "file_name": f"{n}.jpg", "width": 64, "height": 48} for n in (1, 2)]
    points = {"id": 2, "name": "p", "keypoints": ["a", "b"], "skeleton": [[1, 2]]}
    ring = [1.0, 1.0, 20.0, 1.0, 20.0, 20.0]
    rows: list[dict[str, Any]] = [
        {"bbox": [1, 2, 30, 20], "area": 600, "iscrowd": 0, "attributes": {"old": True, "hue": "red"}},
        {"bbox": [1, 1, 19, 19], "area": 180.5, "segmentation": [ring, [30.0, 30.0, 40.0, 30.0, 40.0, 44.0]]},
        {"bbox": [0, 0, 2, 48], "area": 96, "iscrowd": 1, "segmentation": {"counts": [0, 96, 2976], "size": [48, 64]}},
        {"bbox": [0, 0, 2, 2], "segmentation": {"counts": "0d1P1", "size": [48, 64]}, "score": 0.5},
        {"bbox": [3, 3, 9, 9], "keypoints": [3, 3, 2, 9, 9, 1], "num_keypoints": 2, "category_id": 2},
    ]
    common = {"category_id": 1, "iscrowd": 0, "area": 4}
    annotations = [{"id": n, "image_id": 1 + n % 2, **common, **row} for n, row in enumerate(rows, 1)]
    return {
        "info": {"description": "made", "year": 2024},
        "licenses": [{"id": 1, "name": "none"}],
        "categories": [{"id": 1, "name": "thing", "supercategory": "all"}, points],
        "images": images,
        "annotations": annotations,
    }


def smaller(value: Any) -> Any:
    """Return the same data with three images or so: a mutation shall hit something."""
    if isinstance(value, dict) and "annotations" in value and "images" in value:
        images = value["images"][:3]
        kept = {image["id"] for image in images}
        rows = [row for row in value["annotations"] if row.get("image_id") in kept][:12]
        return {**value, "images": images, "annotations": rows, "categories": value["categories"][:12]}
    return value


@cache
def seeds(names: Sequence[str]) -> tuple[bytes, ...]:
    """Return the kit's files of these names, those that are there, made smaller."""
    found = [SHARED / name for name in names]
    return tuple(json.dumps(smaller(json.loads(file.read_bytes()))).encode() for file in found if file.is_file())


def coco_seeds() -> tuple[bytes, ...]:
    """Return COCO files to change."""
    return (json.dumps(made_coco()).encode(), *seeds(COCO))


@cache
def encord_seeds() -> tuple[bytes, ...]:
    """Return Encord exports to change: what our own writer makes of a COCO file, and those of the kit."""
    import tempfile
    from pathlib import Path

    from tui_editor.api import create_project

    with tempfile.TemporaryDirectory() as folder, create_project(Path(folder), "seed", person="tester") as project:
        source, target = Path(folder, "coco.json"), Path(folder, "encord.json")
        source.write_text(json.dumps(made_coco()), encoding="utf-8")
        project.import_data(source)
        project.export(target, "encord")
        return (target.read_bytes(), *seeds(ENCORD))


# --- what is done with them ----------------------------------------------------------------------


def coco_file(chance: Random, folder: Path) -> Path:
    """Write a mutated COCO file."""
    file = folder / "labels.json"
    file.write_bytes(json_mutated(chance.choice(coco_seeds()), chance))
    return file


def encord_file(chance: Random, folder: Path) -> Path:
    """Write a mutated Encord export, sometimes with a mutated ontology beside it."""
    file = folder / "export.json"
    own = encord_seeds()
    data = chance.choice(own)
    aside = seeds(ONTOLOGIES)
    if aside and chance.random() < 0.4:
        (folder / "ontology.json").write_bytes(json_mutated(chance.choice(aside), chance))
        data = data if chance.random() < 0.5 else json_mutated(data, chance)
    else:
        data = json_mutated(data, chance)
    file.write_bytes(data)
    return file


@cache
def mot_seeds() -> tuple[bytes, ...]:
    """Return MOTChallenge files to change: ground truth with classes, a tracker's results, the kit's first lines."""
    made = b"1,1,11,21,30,40,1,1,0.5\n2,1,12,21,30,40,1,1,1\n1,2,9,9,10.25,20,0,7,1\n2,1,12,2,3,4,1,1,1\n"
    plain = b"1,-1,11.5,21,30,40,0.7,-1,-1,-1\n2,-1,12,21,30,40,57.5,-1,-1,-1\n"
    files = [SHARED / "mot" / name for name in ("TUD-Stadtmitte_gt.txt", "PETS09-S2L1_det.txt")]
    return (made, plain, *(b"\n".join(f.read_bytes().split()[:12]) for f in files if f.is_file()))


INFO = b"[Sequence]\nname=Street\nimDir=img1\nframeRate=25\nseqLength=4\nimWidth=64\nimHeight=48\nimExt=.png\n"


def mot_folder(chance: Random, folder: Path) -> Path:
    """Write a mutated sequence: its lines, and sometimes what lies beside them."""
    own = folder / "street" / "gt"
    own.mkdir(parents=True)
    (own / "gt.txt").write_bytes(text_mutated(chance.choice(mot_seeds()), chance))
    if chance.random() < 0.5:
        (own.parent / "seqinfo.ini").write_bytes(text_mutated(INFO, chance))
    if chance.random() < 0.3:
        (own / "labels.txt").write_bytes(text_mutated(b"man\nhorse\ncart\n", chance))
    return own / "gt.txt" if chance.random() < 0.7 else own.parent


def read_as(name: str, path: Path) -> None:
    """Detect the format, read all tasks, decode their labels, and let the checks run over them."""
    registry().detect(path)
    source = registry().get(name).read(path, ImportOptions(root="data"))
    for item in source.tasks():
        unless_broken(item.label_count >= 0, "a task has fewer labels than none")
        for track in item.document.tracks.values():
            for at in range(min(len(track), 3)):
                track.label(at)
    unless_broken(
        not any(RAW.search(loss.what + loss.where) for loss in source.losses()), "control characters in a loss"
    )


def check(path: Path, chance: Random) -> None:
    """Run `tui-editor check` in this process: it ends with a code of the manual, and prints nothing harmful."""
    from tui_editor.cli.main import main

    out, errors = io.StringIO(), io.StringIO()
    form = chance.choice(REPORTS)
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        code = main(["check", str(path), "--format", form, *chance.choice(([], ["--no-pixels"], ["--pixels"]))])
    said, complaints = out.getvalue() + errors.getvalue(), errors.getvalue()
    allowed = (ExitCode.OK, ExitCode.FINDINGS, ExitCode.BAD_INPUT)
    unless_broken(code in allowed, f"check ended with {code}: {complaints}")
    unless_broken("unexpected" not in complaints, f"check --format {form}: {complaints}{_crash()}")
    found = RAW.search(said)
    place = said[found.start() - 40 : found.end() + 20] if found else ""
    unless_broken(found is None, f"check --format {form} printed {place!r}")
    unless_broken(not any("\ud800" <= c <= "\udfff" for c in said), f"check --format {form} printed a surrogate")


def _crash() -> str:
    """Return the end of the log that keeps what a crash told."""
    from tui_editor.cli.crash import log_file

    try:
        return log_file().read_text(encoding="utf-8")[-3000:]
    except OSError:
        return ""


def checked(path: Path) -> None:
    """Run `check`; the file's content chooses the form of the report."""
    from random import Random

    check(path, Random(path.stat().st_size))


# --- folders -------------------------------------------------------------------------------------

NAMES = (
    "a.png", "b.jpg", "frame1.png", "frame10.png", "frame99999999999999999999.png", "\x1b[31m.png", "\u202egpj.png",
    "two\nlines.png", "é.png", "e\u0301.png", ".hidden.png", "no suffix", "UP.PNG", "²³.png", "٣.png", "a b.png",
    "x" * 240 + ".png", "clip.mp4", "clip.", "-.png", "~.png", "%2e%2e.png", "con.png", "..png", "\udcff.png",
    "Thumbs.db", "a.json", "a.toml",
)  # fmt: skip


def odd_folder(chance: Random, folder: Path) -> Path:
    """Make a folder of odd names: pictures, empty files, folders named as files, links to nowhere, pipes, loops."""
    from tests.fuzz.media_files import png

    top = folder / "media"
    top.mkdir()
    places = [top]
    for _ in range(chance.randint(1, 12)):
        place = chance.choice(places) / chance.choice(NAMES)
        with contextlib.suppress(OSError):
            _put(place, chance, places, png())
    return top


def _put(place: Path, chance: Random, places: list[Path], picture: bytes) -> None:
    how = chance.random()
    if place.is_symlink() or place.exists():
        return  # writing to a pipe would wait for its reader
    if how < 0.45:
        place.write_bytes(picture)
    elif how < 0.55:
        place.write_bytes(b"")
    elif how < 0.65:
        place.write_bytes(chance.randbytes(chance.randrange(200)))
    elif how < 0.75:
        place.mkdir()
        places.append(place)
    elif how < 0.8:
        place.symlink_to(chance.choice(("nowhere", "/dev/zero", "/etc/passwd", ".", "..", place.name)))
    elif how < 0.85:
        os.mkfifo(place)
    elif how < 0.9:
        place.write_bytes(coco_seeds()[0])
    else:
        place.write_bytes(picture)
        place.chmod(0)


def read_folder(path: Path) -> None:
    """List a folder both ways, complete its media as an import does, and show its first frames."""
    from tui_editor.api.importing import Completing
    from tui_editor.media.folder import scan_folder

    scan_folder(path)
    source = registry().get("media").read(path, ImportOptions(root="data"))
    for item in Completing({"data": source.root_dir}, must=False).over(source.tasks()):
        for unit in item.task.units:
            unless_broken(unit.frame_count >= 0, "a unit has fewer frames than none")


def targets() -> Iterator[Target]:
    """Yield the targets of this module."""
    yield Target("coco", 18, coco_file, lambda path: read_as("coco", path))
    yield Target("coco-check", 8, coco_file, checked)
    yield Target("encord", 18, encord_file, lambda path: read_as("encord", path))
    yield Target("encord-check", 8, encord_file, checked)
    yield Target("mot", 8, mot_folder, lambda path: read_as("mot", path))
    yield Target("mot-check", 4, mot_folder, checked)
    yield Target("folder", 4, odd_folder, read_folder)
