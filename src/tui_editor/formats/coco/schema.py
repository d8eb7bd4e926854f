"""A COCO file as it is read: annotations as records whose geometry stays raw until it is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
from msgspec import UNSET, Raw, Struct, UnsetType

from tui_editor.errors import FormatError
from tui_editor.formats.json_input import decode, decode_any, invalid, place, read_bytes
from tui_editor.model.unreadable import UNREADABLE

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

NOTHING = Raw(b"")
KEYS = ("id", "image_id", "category_id", "segmentation", "bbox", "area", "iscrowd", "keypoints", "num_keypoints")
"""Keys of an annotation that COCO defines; others are kept beside."""

Key = int | str


class Annotation(Struct, forbid_unknown_fields=True, gc=False):
    """One annotation. Geometry is the file's own bytes; empty where the key is absent."""

    image_id: Key
    category_id: Key
    id: Key | UnsetType | None = UNSET
    segmentation: Raw = NOTHING
    bbox: Raw = NOTHING
    keypoints: Raw = NOTHING
    area: Any = UNSET
    iscrowd: Any = UNSET
    num_keypoints: Any = UNSET


class _LooseAnnotation(Annotation, forbid_unknown_fields=False, gc=False):
    """An annotation in a file that has further keys."""


class _File(Struct, forbid_unknown_fields=True, gc=False):
    images: Raw
    annotations: list[Annotation]
    categories: Raw = Raw(b"[]")
    info: Raw = NOTHING
    licenses: Raw = NOTHING
    type: Raw = NOTHING


class CocoData(Struct, frozen=True, kw_only=True, eq=False):
    """A whole file, with the order of its annotations by image."""

    path: Path
    header: dict[str, Any]
    """Every top-level key but images, annotations and categories."""
    images: list[dict[str, Any]]
    categories: list[dict[str, Any]]
    annotations: list[Annotation]
    raws: list[Raw] | None
    """Each annotation's own bytes when the file has keys that COCO doesn't define."""
    order: NDArray[np.int64]
    """Rows of `annotations` by image, in the file's order within each."""
    bounds: NDArray[np.int64]
    """Annotations of image i are `order[bounds[i]:bounds[i + 1]]`; those before `bounds[0]` have no image."""

    def of_image(self, image: int) -> list[int]:
        """Return the rows of an image's annotations."""
        rows: list[int] = self.order[self.bounds[image] : self.bounds[image + 1]].tolist()
        return rows

    def unknown(self, row: int) -> dict[str, Any]:
        """Return the keys of an annotation that COCO doesn't define."""
        if self.raws is None:
            return {}
        record: dict[str, Any] = decode(self.raws[row], dict[str, Any], self.path, f"/annotations/{row}")
        return {k: v for k, v in record.items() if k not in KEYS}


def load(path: Path) -> CocoData:
    """Return a COCO file.

    Raises:
        FormatError: it can't be read, is not JSON or not COCO; with line and column or JSON pointer.
    """
    data = read_bytes(path)
    top, annotations, raws = _strict(data) or _loose(data, path)
    images = _records(top.pop("images", None), path, "/images")
    categories = _records(top.pop("categories", Raw(b"[]")), path, "/categories")
    order, bounds = _by_image(images, annotations)
    return CocoData(
        path=path,
        header={k: decode_any(v, path, f"/{k}") for k, v in top.items()},
        images=images,
        categories=categories,
        annotations=annotations,
        raws=raws,
        order=order,
        bounds=bounds,
    )


def _strict(data: bytes) -> tuple[dict[str, Raw], list[Annotation], None] | None:
    """Return the parts of a file that has COCO's keys only, None when it has others or is broken."""
    try:
        file = msgspec.json.decode(data, type=_File)
    except UNREADABLE:
        return None
    top = {name: getattr(file, name) for name in ("info", "licenses", "type", "images", "categories")}
    return {k: v for k, v in top.items() if v is not NOTHING}, file.annotations, None


def _loose(data: bytes, path: Path) -> tuple[dict[str, Raw], list[Annotation], list[Raw]]:
    top = decode(data, dict[str, Raw], path)
    if "images" not in top or "annotations" not in top:
        missing = "images" if "images" not in top else "annotations"
        raise FormatError(f"it is not COCO: it has no `{missing}`", where=place(path))
    raws = decode(top.pop("annotations"), list[Raw], path, "/annotations")
    decoder = msgspec.json.Decoder(_LooseAnnotation)
    annotations: list[Annotation] = []
    for row, raw in enumerate(raws):
        try:
            annotations.append(decoder.decode(raw))
        except msgspec.ValidationError as error:
            raise invalid(error, path, f"/annotations/{row}") from error
        except UNREADABLE:
            decode_any(raw, path, f"/annotations/{row}")
            raise
    return top, annotations, raws


def _records(raw: Raw | None, path: Path, pointer: str) -> list[dict[str, Any]]:
    records = decode(raw if raw is not None else Raw(b"[]"), list[dict[str, Any]], path, pointer)
    for row, record in enumerate(records):
        if not isinstance(record.get("id"), int | str):
            raise FormatError("it has no `id` that is a number or text", where=place(path, f"{pointer}/{row}"))
    return records


def _by_image(
    images: list[dict[str, Any]], annotations: list[Annotation]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    rows: dict[Key, int] = {}
    for row, image in enumerate(images):
        rows.setdefault(image["id"], row)
    get = rows.get
    image_rows = np.fromiter((get(a.image_id, -1) for a in annotations), np.int64, len(annotations))
    order = np.argsort(image_rows, kind="stable")
    bounds = image_rows[order].searchsorted(np.arange(len(images) + 1))
    return order, bounds
