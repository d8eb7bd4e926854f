"""The demo project: a street drawn by us, free photographs, their labels, and faults to find."""

from __future__ import annotations
