"""Are the frames still those that were labelled? Compares recorded identities with the files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from tui_editor.errors import MediaError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui_editor.model.frames import FrameIdentity
    from tui_editor.ports import FrameSource


class Mismatch(Struct, frozen=True, kw_only=True):
    """A frame that is not the one that was labelled."""

    index: int
    recorded: FrameIdentity
    actual: FrameIdentity | None
    """None when the frame can't be read."""
    reason: str
    """One sentence for the reader."""


def verify_unit(source: FrameSource, recorded: Mapping[int, FrameIdentity]) -> list[Mismatch]:
    """Compare each recorded identity with the frame that the source gives now, in order of index.

    A frame that can't be read or doesn't exist is a mismatch, never an error; so is an identity made by another
    algorithm, since it proves nothing.
    """
    found = (_compare(source, index, recorded[index]) for index in sorted(recorded))
    return [mismatch for mismatch in found if mismatch is not None]


def _compare(source: FrameSource, index: int, recorded: FrameIdentity) -> Mismatch | None:
    try:
        actual = source.identity(index)
    except IndexError:
        reason = f"there is no frame {index}: the file has {source.frame_count}"
        return Mismatch(index=index, recorded=recorded, actual=None, reason=reason)
    except MediaError as error:
        return Mismatch(index=index, recorded=recorded, actual=None, reason=str(error))
    reason = _difference(recorded, actual)
    return Mismatch(index=index, recorded=recorded, actual=actual, reason=reason) if reason else None


def _difference(recorded: FrameIdentity, actual: FrameIdentity) -> str:
    if recorded.algorithm != actual.algorithm:
        return f"recorded by {recorded.algorithm}, read by {actual.algorithm}: they can't be compared"
    if recorded.digest != actual.digest:
        moved = recorded.pts is not None and recorded.pts != actual.pts
        return "another picture at another time" if moved else "another picture"
    if recorded.pts is not None and actual.pts is not None and recorded.pts != actual.pts:
        return f"the same picture at another time stamp ({actual.pts}, recorded {recorded.pts})"
    return ""
