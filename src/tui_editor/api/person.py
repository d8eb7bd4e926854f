"""Who is at the keyboard: the operating system's word, not an environment variable's."""

from __future__ import annotations

import os


def current_person() -> str:
    """Return the login of the user that the process runs as."""
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError, AttributeError):  # no such database, or no entry in it
        return f"uid{os.getuid()}" if hasattr(os, "getuid") else "user"
