"""Folders that may not be written to, also for root, who may write whatever the permissions say."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path


def read_only(folder: Path) -> AbstractContextManager[Path]:
    """Give the path by which a folder and everything in it may only be read.

    For root that is a read-only mount of the folder beside it; where that may not be made, the test is skipped.
    """
    return _without_permission(folder) if os.geteuid() else _mounted(folder)


@contextmanager
def _without_permission(folder: Path) -> Iterator[Path]:
    everything = [folder, *folder.rglob("*")]
    for path in everything:
        path.chmod(path.stat().st_mode & ~0o222)
    try:
        yield folder
    finally:
        for path in everything:
            path.chmod(path.stat().st_mode | 0o200)


@contextmanager
def _mounted(folder: Path) -> Iterator[Path]:
    view = folder.with_name(f"{folder.name} to read")  # the space and all that is quoted in an address
    view.mkdir()
    if sys.platform != "linux" or not _runs("mount", "--bind", folder, view):
        pytest.skip("root writes everywhere, and may not mount a folder read-only here")
    try:
        assert _runs("mount", "-o", "remount,bind,ro", view)
        yield view
    finally:
        assert _runs("umount", "--lazy", view)


def _runs(*words: object) -> bool:
    return subprocess.run([str(word) for word in words], capture_output=True, check=False).returncode == 0
