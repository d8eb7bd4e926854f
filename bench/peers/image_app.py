"""The same frames in textual-image's widget: `l` shows the next one, `j` outlines another box on it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import ClassVar

from PIL import Image, ImageDraw

# It asks the terminal at import, so that must happen before Textual owns it.
from textual_image.widget import Image as ImageWidget  # isort: skip
from textual.app import App, ComposeResult


class ImageApp(App[None]):
    BINDINGS: ClassVar = [("l", "next", "next"), ("j", "select", "select")]

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.paths = sorted(folder.glob("*.png"))
        self.at = self.box = 0

    def compose(self) -> ComposeResult:
        yield ImageWidget(self.frame(), id="picture")

    def frame(self) -> Image.Image:
        picture = Image.open(self.paths[self.at % len(self.paths)]).convert("RGB")
        draw = ImageDraw.Draw(picture)
        for number in range(60):
            x, y = number % 10 * 120 + 20, number // 10 * 110 + 20
            draw.rectangle((x, y, x + 80, y + 60), outline="white" if number == self.box else "red", width=3)
        return picture

    def action_next(self) -> None:
        self.at += 1
        self.query_one("#picture", ImageWidget).image = self.frame()

    def action_select(self) -> None:
        self.box += 1
        self.query_one("#picture", ImageWidget).image = self.frame()


if __name__ == "__main__":
    ImageApp(Path(sys.argv[1])).run()
