"""The process that is stopped in the middle of an import, with pages of it in the file already."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING, Any

from tests.formats.coco.files import write_json
from tui_editor.formats.coco import FORMAT
from tui_editor.ports import ImportOptions
from tui_editor.storage.locate import open_store
from tui_editor.storage.sqlite import store as engine

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from pathlib import Path

IMAGES = 400


def coco_file(path: Path) -> Path:
    """Write a file of `IMAGES` images with five polygons each; return the path."""
    corners = [float(n) for n in range(60)]
    annotations: list[dict[str, Any]] = [
        {"id": n, "image_id": n // 5, "category_id": 1, "segmentation": [corners], "bbox": [0, 1, 58, 58], "area": 9.5}
        for n in range(5 * IMAGES)
    ]
    images = [{"id": n, "file_name": f"{n}.jpg", "width": 60, "height": 60} for n in range(IMAGES)]
    categories = [{"id": 1, "name": "thing"}]
    return write_json(path, {"images": images, "annotations": annotations, "categories": categories})


def import_file(folder: Path, source: Path, stop_at: int, told: Connection | None = None) -> None:
    """Import a file; at task number `stop_at` tell so, and wait for the signal."""

    def progress(done: int) -> None:
        if done == stop_at and told is not None:
            os.write(told.fileno(), b".")
            signal.pause()

    store = open_store(folder)
    try:
        store.add_tasks(FORMAT.read(source, ImportOptions()).tasks(), "ann", progress)
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        store.close()


def import_slowly(folder: Path, source: Path, stop_at: int, told: Connection) -> None:
    """Import with so small a cache that pages go to the file long before the end."""
    engine.IMPORT_CACHE_KIB = 64
    import_file(folder, source, stop_at, told)
