"""Encord's JSON: ontologies and label rows of both generations, read and written without loss."""

from tui_editor.formats.encord.fmt import EncordFormat

FORMAT = EncordFormat()

__all__ = ["FORMAT"]
