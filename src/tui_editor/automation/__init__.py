"""Trackers and segmenters."""
