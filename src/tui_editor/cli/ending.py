"""How the editor's process ends."""

from __future__ import annotations

import os
import sys
import threading


def leave(code: int) -> int:
    """Return the exit code, or end the process here when threads are still at work.

    A decoder can't be interrupted. When Python ends around a thread inside C++ or Rust code, that code aborts the
    process: the shell would see a crash although everything is on disk.
    """
    if threading.active_count() > 1:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code
