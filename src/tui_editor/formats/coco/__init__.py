"""COCO: instances with polygons and masks, keypoints. https://cocodataset.org/#format-data."""

from __future__ import annotations

from tui_editor.formats.coco.coco_format import CocoFormat

FORMAT = CocoFormat()
"""What the entry point names."""
