"""Dialogs as widgets in the screen's overlay layer: the picture stays visible under them."""
