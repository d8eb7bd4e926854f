"""MOTChallenge text: boxes of tracks or detections, a line each. https://motchallenge.net/instructions."""

from __future__ import annotations

from tui_editor.formats.mot.mot_format import MotFormat

FORMAT = MotFormat()
"""What the entry point names."""
