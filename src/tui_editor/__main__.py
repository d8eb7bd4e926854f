"""`python -m tui_editor`: the same program as the `tui-editor` command."""

from __future__ import annotations

import sys

from tui_editor.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
