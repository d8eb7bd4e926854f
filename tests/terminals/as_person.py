"""The program as if another user ran it: `python -m tests.terminals.as_person NAME ARGUMENTS`."""

from __future__ import annotations

import pwd
import sys


def become(name: str) -> None:
    """Have the system name the user of this process."""
    told = pwd.getpwuid

    def named(uid: int) -> pwd.struct_passwd:
        return pwd.struct_passwd((name, *told(uid)[1:]))

    pwd.getpwuid = named  # for this process alone


if __name__ == "__main__":
    become(sys.argv[1])
    from tui_editor.cli.main import main

    sys.exit(main(sys.argv[2:]))
