"""Gestures: what a series of keys or pointer moves becomes."""
