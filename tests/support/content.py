"""What a document holds, as bytes, whatever its history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.model.codec import encode_value
from tui_editor.model.track_codec import encode_track
from tui_editor.model.tracks import make_track

if TYPE_CHECKING:
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.patch import Patch


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
    return after
