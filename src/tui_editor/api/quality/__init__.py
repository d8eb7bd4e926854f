"""Checking projects and data sets: what is read, which rules run, what is accepted, mended and blocked."""
