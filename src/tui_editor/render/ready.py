"""Loads what pictures are drawn and encoded with, for those who know early that they will need it."""

from __future__ import annotations


def get_ready_to_draw() -> None:
    """Load the libraries and the font, which takes some tens of milliseconds."""
    import cv2  # noqa: F401
    from isal import isal_zlib  # noqa: F401

    from tui_editor.render.lettering import text_mask

    text_mask("0")
