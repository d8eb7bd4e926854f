"""Gestures: what a series of keys or pointer moves becomes. Pure; nothing here applies a patch."""
