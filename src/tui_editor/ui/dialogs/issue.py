"""The dialog for a new issue: what it hangs on, tags, comment."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace
from rich.style import Style
from textual import on
from textual.widgets import Input

from tui_editor.commands.issue_drafts import read_draft, tag_word
from tui_editor.model.issues import IssueKind
from tui_editor.ui.dialogs.base import Dialog
from tui_editor.ui.widgets.bars import KEY, Bar
from tui_editor.ui.widgets.rows import BOLD, DIM, Line, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events
    from textual.app import ComposeResult

    from tui_editor.commands.context import IssueDraft

PLACEHOLDER = "comment; #tag adds a tag, @12-40 names frames"
CHOSEN = Style(bgcolor="#264f78", bold=True)


class IssueDialog(Dialog):
    """Asks for an issue; Up and Down change what it applies to, words of the comment name tags and frames."""

    WIDTH: ClassVar[int] = 76

    def __init__(self, draft: IssueDraft, done: Callable[[IssueDraft], None]) -> None:
        super().__init__("New issue")
        self._draft, self._done = draft, done

    def compose(self) -> ComposeResult:
        """Show the kinds, the tags that there are, and the comment."""
        yield Bar(id="kinds")
        yield Bar(id="tags")
        yield Input(
            value=self._draft.text, placeholder="comment; #tag adds a tag, @12-40 names frames", select_on_focus=False
        )
        yield Bar(id="how", classes="hint")

    def on_mount(self) -> None:
        """Show the draft."""
        super().on_mount()
        choose = ((" ↑↓", KEY), (" applies to ", DIM)) if len(self._scopes) > 1 else ()
        keys = ((" Enter", KEY), (" create ", DIM), (" Esc", KEY), (" leaves", DIM))
        self.query_one("#how", Bar).left = (*choose, *keys)
        self._show()

    def _show(self) -> None:
        shown = read_draft(self._draft)
        kinds: list[tuple[str, Style]] = [(" applies to: ", DIM)]
        for kind, whole in self._scopes:
            chosen = (kind, whole) == (shown.kind, shown.whole)
            kinds += [(f" {'whole track' if whole else kind.value.replace('_', ' ')} ", CHOSEN if chosen else DIM)]
        if shown.frames is not None:
            first, last = shown.frames
            kinds += [(f" @{first}" + (f"–{last}" if last != first else ""), BOLD)]
        self.query_one("#kinds", Bar).left = tuple(kinds)
        self.query_one("#tags", Bar).left = self._tag_line(shown)

    @property
    def _scopes(self) -> list[tuple[IssueKind, bool]]:
        """Return what an issue can apply to here: its kind, and whether a label's whole track is meant."""
        scopes = [(kind, False) for kind in self._draft.kinds]
        if {IssueKind.LABEL, IssueKind.FRAME} <= set(self._draft.kinds):
            scopes.insert(1, (IssueKind.LABEL, True))
        return scopes

    def _tag_line(self, shown: IssueDraft) -> Line:
        if not self._draft.all_tags:
            return ((" the project has no issue tags", DIM),)
        pieces: list[tuple[str, Style]] = [(" tags: ", DIM)]
        for tag in self._draft.all_tags:
            words, style = text(f"#{tag_word(tag)} ", BOLD if tag in shown.tags else DIM)
            pieces.append((words, style))
        return tuple(pieces)

    def handle(self, event: events.Key) -> bool:
        """Go through the kinds with the arrows."""
        by = {"up": -1, "down": 1}.get(event.key)
        if by is not None:
            scopes, now = self._scopes, (self._draft.kind, self._draft.whole)
            kind, whole = scopes[(scopes.index(now) + by) % len(scopes)]
            self._draft = replace(self._draft, kind=kind, whole=whole)
            self._show()
        return by is not None

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._draft = replace(self._draft, text=event.value)
        self._show()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        draft = read_draft(replace(self._draft, text=event.value))
        self.answer(lambda: self._done(draft))
