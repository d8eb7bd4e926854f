"""What the tests of the shell share: how a command is run, and what it is run on."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Result:
    """What a command left."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Shell = Callable[..., Result]
HOSTILE = "Evil\x1b]52;c;cHduZWQ=\x07\u202egnp\x9b2J[@click=app.quit]x[/]"
"""A name with a clipboard command, a bidi override, a C1 control and markup."""


def make_photos(folder: Path, sizes: dict[str, tuple[int, int]]) -> Path:
    from PIL import Image

    folder.mkdir()
    for name, size in sizes.items():
        Image.new("RGB", size, (90, 120, 150)).save(folder / name)
    return folder
