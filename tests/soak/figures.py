"""What the long proofs found, in build/soak.json; `python -m tests.soak.figures` prints it as a table."""

from __future__ import annotations

import fcntl
import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

Figure = int | float | str | list[float]
OUTPUT = Path(__file__).resolve().parents[2] / "build" / "soak.json"


def tell(part: str, figures: Mapping[str, Figure], output: Path = OUTPUT) -> None:
    """Put the figures of a part beside those of the others, which may run in other processes."""
    output.parent.mkdir(exist_ok=True)
    with output.open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        kept = json.loads(file.read() or "{}")
        file.truncate(0)
        file.write(json.dumps({**kept, part: dict(figures)}, indent=1) + "\n")


def table(output: Path = OUTPUT) -> str:
    """Return the figures of all parts, a line each."""
    lines = []
    for part, figures in json.loads(output.read_text("utf-8")).items():
        width = max(len(name) for name in figures)
        lines += ["", part, *(f"  {name:{width}}  {value}" for name, value in figures.items())]
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())  # noqa: T201  # what the program is for
