"""The project's instructions for annotators, offered where they are new to the person."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace
from textual.containers import VerticalScroll
from textual.widgets import Markdown

from tui_editor.api.marks import FILE, changed, digest
from tui_editor.text import safe
from tui_editor.ui.dialogs.base import KEPT_LINES, Dialog
from tui_editor.ui.kept import KeptFile

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

    from tui_editor.api.marks import Marks
    from tui_editor.model.project import Project
    from tui_editor.ui.screens.front import FrontScreen

MOST_CHARS = 100_000


class InstructionsDialog(Dialog):
    """Shows a text in Markdown; it can be scrolled. Links are not followed: nothing leaves the terminal."""

    WIDTH: ClassVar[int] = 100

    def __init__(self, text: str) -> None:
        super().__init__("Instructions — j k scroll, Esc closes")
        self._text = safe(text, MOST_CHARS)

    def compose(self) -> ComposeResult:
        """Show the text."""
        with VerticalScroll() as scroll:
            scroll.can_focus = True
            yield Markdown(self._text, open_links=False)

    def on_mount(self) -> None:
        """Give the text the keys."""
        super().on_mount()
        self._scroll.focus()

    @property
    def _scroll(self) -> VerticalScroll:
        return self.query_one(VerticalScroll)

    def place(self) -> None:
        """Show as many lines as the screen has room for."""
        self._scroll.styles.height = "auto"
        self._scroll.styles.max_height = max(3, self.screen.size.height - KEPT_LINES - 2)
        super().place()

    def handle(self, event: events.Key) -> bool:
        """Scroll with the keys of lists; q and Enter close."""
        scroll, page = self._scroll, max(1, self._scroll.size.height - 2)
        by = {"j": 1, "down": 1, "k": -1, "up": -1, "space": page, "pagedown": page, "pageup": -page}
        if event.key in by:
            scroll.scroll_relative(y=by[event.key], animate=False)
        elif event.key in {"g", "home"}:
            scroll.scroll_home(animate=False)
        elif event.key in {"G", "end"}:
            scroll.scroll_end(animate=False)
        elif event.key in {"q", "enter"}:
            self.close()
        else:
            return False
        return True


def show_instructions(screen: FrontScreen, project: Project) -> None:
    """Show the instructions, which count as read from now on."""
    if not project.instructions.strip():
        screen.tell("this project has no instructions: ‹app.project› or `tui-editor settings` sets them")
        return
    screen.open_dialog(InstructionsDialog(project.instructions))
    note_read(project)


def note_read(project: Project) -> None:
    """Remember, on a thread, that the person has read these instructions."""

    def noted(marks: Marks) -> Marks:
        return marks.with_project(project, replace(marks.of(project), instructions=digest(project.instructions)))

    KeptFile(FILE).change(lambda content: changed(content, noted))
