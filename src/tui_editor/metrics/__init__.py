"""Measures how well two sets of labels agree: pure numbers and documents, no files, no screen."""
