"""What the long proofs found: printed as a table, and kept in build/soak.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

OUTPUT = Path(__file__).resolve().parents[2] / "build" / "soak.json"

Figure = int | float | str | list[float]


def tell(part: str, figures: Mapping[str, Figure], output: Path = OUTPUT) -> None:
    """Print the figures of a part, and put them beside those of the other parts."""
    width = max((len(name) for name in figures), default=0)
    print(f"\n{part}")  # noqa: T201  # the figures of the proof
    for name, value in figures.items():
        print(f"  {name:{width}}  {value}")  # noqa: T201  # the same
    output.parent.mkdir(exist_ok=True)
    kept = json.loads(output.read_text("utf-8")) if output.exists() else {}
    output.write_text(json.dumps({**kept, part: dict(figures)}, indent=1) + "\n", "utf-8")
