"""The person's choice of an editor layout: it outweighs the project's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_editor.api.layouts import chosen_layout, layouts_of
from tui_editor.commands.context import Choice
from tui_editor.model.editor_layouts import layout_words
from tui_editor.state.windows import ONE
from tui_editor.text import one_line
from tui_editor.ui.boards.opening import desk_of
from tui_editor.ui.dialogs.picker import Picker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui_editor.model.project import Project
    from tui_editor.ui.screens.front import FrontScreen


def show_layouts(screen: FrontScreen) -> None:
    """Ask in which layout tasks are shown; the open one is opened anew."""
    desk = desk_of(screen)
    store = screen.task_store
    info = store.state.project if store is not None else desk.project.info

    def picked(values: tuple[str, ...]) -> None:
        kept = desk.arrangement
        kept.keep(replace(kept.now, layout=values[0]))
        if store is not None:
            desk.guarded_open(store.state.task.id)

    screen.open_dialog(Picker("Editor layout", list(_choices(info, desk.arrangement.now.layout)), picked))


def _choices(info: Project, mine: str) -> Iterator[Choice]:
    named = chosen_layout(info)
    said = [("", "As the project says", one_line(named, 40) or "one window"), (ONE, "One window", "")]
    said += [(name, one_line(name, 40), layout_words(layout)) for name, layout in layouts_of(info).items()]
    for value, label, hint in said:
        yield Choice(value=value, label=label, hint=f"{hint} · chosen" if value == mine else hint)
