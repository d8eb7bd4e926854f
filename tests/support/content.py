"""What a document holds, as bytes, whatever its history."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from tui_editor.model.codec import encode_value
from tui_editor.model.track_codec import encode_track
from tui_editor.model.tracks import make_track

if TYPE_CHECKING:
    from collections.abc import Generator

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.patch import Patch


T = TypeVar("T")


def content(document: LabelDocument) -> list[tuple[object, ...]]:
    """Return every label, instance, issue, decision and the status of a document as bytes, sorted."""
    tracks = [(*key, encode_track(make_track(list(track.labels())))) for key, track in document.tracks.items()]
    tables = [(int(key), encode_value(v)) for key, v in document.instances.items()]
    tables += [(int(key), encode_value(v)) for key, v in document.issues.items()]
    decisions = [(key, "decision", encode_value(v)) for key, v in document.decisions.items()]
    return [*sorted(tracks), *sorted(tables), *sorted(decisions), (encode_value(document.status),)]


def done(document: LabelDocument, patch: Patch) -> LabelDocument:
    """Return what a patch makes of a document, once it was seen to be taken back byte for byte."""
    after = document.apply(patch)
    assert content(document) == content(after.apply(patch.inverse()))
    assert content(after) == content(document.apply(patch))
    check_in_steps(document, patch, after)
    return after


def check_in_steps(document: LabelDocument, patch: Patch, after: LabelDocument) -> None:
    """Check that a patch done in steps makes the same document with the same indexes, and can be taken back so."""
    in_steps = finished(document.apply_steps(patch))
    assert content(after) == content(in_steps)
    assert set(after.index.blocks) == set(in_steps.index.blocks)
    for unit, number in after.index.blocks:
        for frame in range(256 * number, 256 * number + 256):
            assert after.on_frame(unit, frame) == in_steps.on_frame(unit, frame)
    assert content(document) == content(in_steps.apply(finished(patch.inverse_steps())))


def finished(steps: Generator[object, None, T]) -> T:
    """Go through steps and return what they come to."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            made: T = end.value
            return made
