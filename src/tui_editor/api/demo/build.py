"""Makes the demo's folder: its media, and a store with its project and tasks."""

from __future__ import annotations

from contextlib import closing
from importlib.resources import files
from pathlib import Path
from shutil import copyfile
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_editor.api.demo.draft import ANNOTATOR
from tui_editor.api.demo.labels import MEDIA_ROOT, PHOTO_FOLDER, STREET_FILE, demo_tasks
from tui_editor.api.demo.ontology import ISSUE_TAGS, build_ontology
from tui_editor.api.demo.photo_labels import PHOTOS
from tui_editor.api.demo.stable import number
from tui_editor.api.demo.street import write_video
from tui_editor.errors import MediaMissing
from tui_editor.model.ids import ProjectId
from tui_editor.model.project import Project, TaskQuery
from tui_editor.storage.locate import create_store, open_store, store_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui_editor.model.frames import Unit
    from tui_editor.ports import ImportedTask

INSTRUCTIONS = """\
Label vehicles with boxes that touch their outermost pixels, also where something stands before them.
One instance is one thing from its first frame to its last. A pond's islets are holes.
"""


def build_demo(folder: Path) -> None:
    """Make the demo project in a folder; one that is there already stays, with everything that was done in it.

    Args:
        folder: Made when it is missing; media of an earlier build are kept as they are.

    Raises:
        MediaMissing: the photographs are not part of this installation.
        StoreError: the store can't be made; the leaf tells why.
        OSError: the media can't be written.
    """
    write_media(folder / MEDIA_ROOT)
    there = store_file(folder).is_file()
    with closing(open_store(folder) if there else create_store(folder, demo_project())) as store:
        # a build that was cut off has a store without tasks: they come all at once
        if not store.tasks(TaskQuery(limit=1)):
            store.add_tasks(with_fingerprints(demo_tasks(), folder / MEDIA_ROOT), ANNOTATOR)


def demo_project() -> Project:
    """Return the demo's project, without tasks; its media root is the folder `media` in its own."""
    return Project(
        id=ProjectId(number("project")),
        name="Demo",
        ontology=build_ontology(),
        issue_tags=ISSUE_TAGS,
        roots={MEDIA_ROOT: MEDIA_ROOT},
        instructions=INSTRUCTIONS,
    )


def write_media(folder: Path) -> None:
    """Write the street's video and the photographs into a folder; files that are there stay.

    Raises:
        MediaMissing: the photographs are not part of this installation.
        OSError: the folder can't be written.
    """
    (folder / PHOTO_FOLDER).mkdir(parents=True, exist_ok=True)
    source = photo_folder()
    for name in (picture[0] for pictures in PHOTOS.values() for picture in pictures):
        if not (folder / PHOTO_FOLDER / name).exists():
            copyfile(source / name, folder / PHOTO_FOLDER / name)
    if not (folder / STREET_FILE).exists():
        # a build that is cut off leaves no half video behind
        unfinished = folder / f".unfinished-{STREET_FILE}"
        write_video(unfinished)
        unfinished.replace(folder / STREET_FILE)


def photo_folder() -> Path:
    """Return where the photographs lie: in the installed package, or in the checkout.

    Raises:
        MediaMissing: they are in neither.
    """
    installed = Path(str(files("tui_editor"))) / "demo_data" / PHOTO_FOLDER
    checkout = Path(__file__).resolve().parents[4] / "fixtures" / "demo" / PHOTO_FOLDER
    for folder in (installed, checkout):
        if folder.is_dir():
            return folder
    raise MediaMissing("the demo's photographs are not part of this installation", hint="install the wheel again")


def with_fingerprints(tasks: Sequence[ImportedTask], media: Path) -> list[ImportedTask]:
    """Return the tasks with `size:mtime_ns` of their first files, which lie below `media`."""
    made = []
    for one in tasks:
        units = tuple(_fingerprinted(unit, media) for unit in one.task.units)
        made.append(one.as_task(replace(one.task, units=units)))
    return made


def _fingerprinted(unit: Unit, media: Path) -> Unit:
    facts = (media / unit.media.paths[0]).stat()
    return replace(unit, media=replace(unit.media, fingerprint=f"{facts.st_size}:{facts.st_mtime_ns}"))
