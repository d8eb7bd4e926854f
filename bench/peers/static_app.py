"""The least that Textual can show: one Static. What a start-up is held against."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static

MARK = "first picture"


class StaticApp(App[None]):
    def compose(self) -> ComposeResult:
        yield Static(MARK)


if __name__ == "__main__":
    StaticApp().run()
