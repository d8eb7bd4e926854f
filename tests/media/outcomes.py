"""Child process: opens the files named on the command line and prints what became of each, as JSON.

It limits its own address space, so that a hostile file ends this process at worst; the test reads what is printed.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

from tui_editor.errors import MediaError
from tui_editor.media.open import open_source, probe

ADDRESS_SPACE = 3 << 30


def outcome(path: Path) -> str:
    """`opens`, `warns`, `refused <error>` at opening, or `partly <error>` when single frames are refused."""
    try:
        info = probe(path)
        source = open_source(info.kind, [path])
    except MediaError as error:
        return f"refused {type(error).__name__}"
    warnings = list(info.warnings)
    refused: set[str] = set()
    shown = 0
    for index in range(info.frame_count):
        for fit in (None, (100, 100)):
            try:
                warnings += source.read(index, fit).warnings
                shown += 1
            except MediaError as error:
                refused.add(type(error).__name__)
    source.close()
    if refused:
        return f"{'partly' if shown else 'refused'} {' '.join(sorted(refused))}"
    return "warns" if warnings else "opens"


def main() -> None:
    """Print {"outcomes": {path: outcome}, "max_rss_kib": n}."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    outcomes = {name: outcome(Path(name)) for name in sys.argv[1:]}
    report = {"outcomes": outcomes, "max_rss_kib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}
    sys.stdout.write(json.dumps(report))


if __name__ == "__main__":
    main()
