"""What the words of a new issue say besides its comment: `#tag`, and `@12-40` for its frames."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from tui_editor.errors import Refused
from tui_editor.model.issues import IssueKind

if TYPE_CHECKING:
    from tui_editor.commands.context import IssueDraft
    from tui_editor.model.frames import Unit

_FRAMES: Final = re.compile(r"@(\d{1,9})(?:[-–](\d{1,9}))?")
_ANCHORED: Final = frozenset({IssueKind.LABEL, IssueKind.FRAME, IssueKind.FRAME_RANGE})
"""Kinds that can name frames."""


def tag_word(tag: str) -> str:
    """Return a tag as one word."""
    return "-".join(tag.split())


def read_draft(draft: IssueDraft) -> IssueDraft:
    """Return the draft with the tags and frames that words of its text name; these words are gone from the text.

    `#` and the beginning of a tag name the tag, `@12-40` or `@12` frames. Frames make an issue of the file one of a
    frame or a range; one of a label stays with its label, there. A word that names nothing is part of the comment.
    """
    tags, frames, rest = set(draft.tags), draft.frames, []
    for word in draft.text.split(" "):
        named = _tags_named(draft, word)
        span = _FRAMES.fullmatch(word) if IssueKind.FRAME in draft.kinds and draft.kind is not IssueKind.PIN else None
        if span is not None:
            ends = sorted((int(span[1]), int(span[2] or span[1])))
            frames = (ends[0], ends[1])
        elif named:
            tags |= named
        else:
            rest.append(word)
    text = " ".join(rest) if len(rest) != len(draft.text.split(" ")) else draft.text
    read = replace(draft, text=text.strip(), tags=tuple(t for t in draft.all_tags if t in tags) or draft.tags)
    return read if frames is None else _at(read, frames)


def _tags_named(draft: IssueDraft, word: str) -> set[str]:
    if len(word) < 2 or not word.startswith("#"):
        return set()
    wanted = word[1:].casefold()
    return {tag for tag in draft.all_tags if tag_word(tag).casefold().startswith(wanted)}


def _at(draft: IssueDraft, frames: tuple[int, int]) -> IssueDraft:
    if draft.kind is IssueKind.LABEL:
        return replace(draft, frames=frames, whole=False)
    kind = IssueKind.FRAME if frames[0] == frames[1] else IssueKind.FRAME_RANGE
    return replace(draft, kind=kind, frames=frames)


def frames_of(draft: IssueDraft, here: int, count: int, unit: Unit) -> tuple[int, int] | None:
    """Return the first and last frame that an issue names, None where it names none.

    Args:
        draft: What was asked for.
        here: The active frame.
        count: Frames of a range whose frames were not typed.
        unit: The data unit.

    Raises:
        Refused: the unit has no such frames.
    """
    if draft.kind is IssueKind.FILE or (draft.kind is IssueKind.LABEL and draft.whole):
        return None
    if draft.frames is not None and draft.kind in _ANCHORED:
        if draft.frames[1] >= unit.frame_count:
            raise Refused(f"there is no frame {draft.frames[1]}", hint=f"0 to {unit.frame_count - 1}")
        return draft.frames
    return here, min(here + count, unit.frame_count) - 1 if draft.kind is IssueKind.FRAME_RANGE else here
