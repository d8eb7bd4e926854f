"""A Textual app with one line that counts keys: what a key costs at least in Textual."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static

READY = "keys: "


class Keys(App[None]):
    """Shows how many keys were pressed."""

    pressed = 0

    def compose(self) -> ComposeResult:
        """Show the line."""
        yield Static(f"{READY}0")

    def on_key(self) -> None:
        """Count."""
        self.pressed += 1
        self.query_one(Static).update(f"{READY}{self.pressed}")


if __name__ == "__main__":
    Keys().run()
