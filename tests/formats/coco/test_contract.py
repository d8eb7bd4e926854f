from __future__ import annotations

from typing import TYPE_CHECKING

from tests.formats.coco.files import MIXED, write_json
from tests.formats.contract import FormatContract
from tests.support.data import shared_data
from tui_editor.formats.coco import FORMAT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class TestContract(FormatContract):
    fmt = FORMAT

    def samples(self, tmp_path: Path) -> Iterable[Path]:
        yield shared_data("coco", "instances.json")
        yield shared_data("coco_keypoints", "test_coco.json")
        yield shared_data("coco_keypoints", "test_coco_wholebody.json")
        yield write_json(tmp_path / "mixed" / "instances.json", MIXED)
