"""The Encord format does what every format must."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.formats.contract import FormatContract
from tests.support.data import shared_data
from tui_editor.formats.encord import FORMAT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class TestContract(FormatContract):
    fmt = FORMAT
    tolerance_px = 1e-9

    def samples(self, tmp_path: Path) -> Iterable[Path]:
        samples = shared_data("encord_samples")
        real = shared_data("encord")
        return [
            *sorted(samples.glob("*.sdk.json")),
            *sorted(samples.glob("*.export.json")),
            *sorted(real.glob("*_labels.json")),
        ]
