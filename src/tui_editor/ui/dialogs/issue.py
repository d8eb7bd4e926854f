"""The dialog for a new issue: what it hangs on, tags, comment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace
from rich.style import Style
from textual import on
from textual.widgets import Input

from tui_editor.ui.dialogs.base import Dialog
from tui_editor.ui.widgets.bars import KEY, Bar
from tui_editor.ui.widgets.rows import BOLD, DIM, Line, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events
    from textual.app import ComposeResult

    from tui_editor.commands.context import IssueDraft

CHOSEN = Style(bgcolor="#264f78", bold=True)


class IssueDialog(Dialog):
    """Asks for an issue; Up and Down change what it hangs on, Ctrl-free: tags are words with `#` in the comment."""

    def __init__(self, draft: IssueDraft, done: Callable[[IssueDraft], None]) -> None:
        super().__init__("New issue")
        self._draft, self._done = draft, done

    def compose(self) -> ComposeResult:
        """Show the kinds, the tags that there are, and the comment."""
        yield Bar(id="kinds")
        yield Bar(id="tags")
        yield Input(value=self._draft.text, placeholder="comment; #tag adds a tag", select_on_focus=False)
        yield Bar(id="how", classes="hint")

    def on_mount(self) -> None:
        """Show the draft."""
        super().on_mount()
        self.query_one("#how", Bar).left = ((" ↑↓", KEY), (" applies to  ", DIM), ("Enter", KEY), (" create  ", DIM))
        self._show()

    def _show(self) -> None:
        kinds: list[tuple[str, Style]] = [(" applies to: ", DIM)]
        for kind in self._draft.kinds:
            kinds += [(f" {kind.value.replace('_', ' ')} ", CHOSEN if kind is self._draft.kind else DIM)]
        self.query_one("#kinds", Bar).left = tuple(kinds)
        self.query_one("#tags", Bar).left = self._tag_line()

    def _tag_line(self) -> Line:
        if not self._draft.all_tags:
            return ((" the project has no issue tags", DIM),)
        pieces: list[tuple[str, Style]] = [(" tags: ", DIM)]
        for tag in self._draft.all_tags:
            words, style = text(f"#{_word(tag)} ", BOLD if tag in self._draft.tags else DIM)
            pieces.append((words, style))
        return tuple(pieces)

    def handle(self, event: events.Key) -> bool:
        """Go through the kinds with the arrows."""
        by = {"up": -1, "down": 1}.get(event.key)
        if by is not None:
            kinds = self._draft.kinds
            self._draft = replace(self._draft, kind=kinds[(kinds.index(self._draft.kind) + by) % len(kinds)])
            self._show()
        return by is not None

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._draft = read_tags(replace(self._draft, text=event.value))
        self._show()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        words = [w for w in event.value.split() if not w.startswith("#")]
        draft = replace(read_tags(replace(self._draft, text=event.value)), text=" ".join(words))
        self.answer(lambda: self._done(draft))


def _word(tag: str) -> str:
    return "-".join(tag.split())


def read_tags(draft: IssueDraft) -> IssueDraft:
    """Return the draft with the tags that its text names by `#` and the beginning of a tag."""
    wanted = [w[1:].casefold() for w in draft.text.split() if w.startswith("#") and len(w) > 1]
    tags = tuple(t for t in draft.all_tags if any(_word(t).casefold().startswith(w) for w in wanted))
    return replace(draft, tags=tags)
