"""A reader that does what none must: the watch over the readers is tried on it."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

from tests.fuzz.target import Target
from tui_editor.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from random import Random


def _refuse() -> None:
    raise InputError("no such thing")


def _hang() -> None:
    while True:
        pass


DEEDS: tuple[tuple[Callable[[], object], str], ...] = (
    (lambda: None, ""),
    (_refuse, ""),
    (lambda: 1 // 0, "ZeroDivisionError"),
    (lambda: os.write(1, b"libfoo: bad"), "it printed b'libfoo: bad'"),
    (lambda: bytearray((1 << 30) + (1 << 26)), "it took"),
    (lambda: os.kill(os.getpid(), signal.SIGSEGV), "it ended the process: SIGSEGV"),
    (_hang, "it hung"),
    (lambda: [os.dup(0) for _ in range(100)], "files are open"),
)
"""What it does with each input, and how that is told; empty: nothing is wrong."""


def _input(_: Random, folder: Path) -> Path:
    return folder


def _read(path: Path) -> None:
    DEEDS[int(path.name)][0]()


FAULTY = Target("faulty", 0, _input, _read)
