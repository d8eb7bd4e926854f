"""What a store must know of this machine: its boot, its processes, the file system below a path."""

from __future__ import annotations

import os
import time
from pathlib import Path

from msgspec import Struct

NETWORK_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "lustre", "gpfs", "afs", "vboxsf"}
)
"""Types on which locks and shared memory of several processes can't be trusted; `fuse.*` belongs to them too."""


class Moment(Struct, frozen=True, kw_only=True):
    """A point in time by both clocks of a machine."""

    boot_id: str
    boot_ms: int
    """Milliseconds since boot, suspended time included: no clock correction moves it."""
    wall_ms: int
    """Milliseconds since 1970 UTC."""


def now() -> Moment:
    """Return the time now."""
    boot_ms = time.clock_gettime_ns(_BOOT_CLOCK) // 1_000_000
    return Moment(boot_id=_BOOT_ID, boot_ms=boot_ms, wall_ms=time.time_ns() // 1_000_000)


# macOS has no CLOCK_BOOTTIME; its monotonic clock is the nearest thing.
_BOOT_CLOCK: int = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def _read_boot_id() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return "unknown"


_BOOT_ID = _read_boot_id()


def pid_alive(pid: int) -> bool:
    """Return whether a process of that number runs on this machine; 0 (unknown) counts as running."""
    if pid <= 0:
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def is_network(type_name: str) -> bool:
    """Return whether a file system type is one of those that we don't write to."""
    return type_name in NETWORK_FILE_SYSTEMS or type_name.startswith("fuse.")


def file_system(path: Path, mountinfo: str | None = None) -> str:
    """Return the type of the file system that holds `path`, empty when it can't be told.

    Args:
        path: An existing file or folder.
        mountinfo: The text of `/proc/self/mountinfo`; read when None. Format: proc(5).
    """
    if mountinfo is None:
        try:
            mountinfo = Path("/proc/self/mountinfo").read_text("utf-8", "surrogateescape")
        except OSError:
            return ""
    target = os.fspath(path.resolve())
    best, found = -1, ""
    for line in mountinfo.splitlines():
        left, _, right = line.partition(" - ")
        fields, tail = left.split(" "), right.split(" ")
        if len(fields) > 4 and _below(target, point := _unescaped(fields[4])) and len(point) >= best:
            best, found = len(point), tail[0]  # the longest mount point wins, and of equal ones the last
    return found


def _below(path: str, mount: str) -> bool:
    return path == mount or path.startswith(mount.rstrip("/") + "/")


def _unescaped(text: str) -> str:
    for code, char in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        text = text.replace(code, char)
    return text
