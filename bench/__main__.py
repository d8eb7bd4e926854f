"""Runs the benchmarks: `python -m bench [NAME…]` prints a table and writes build/bench.json.

Each module in this folder has `run() -> list[dict]`; see `bench.figures.Figure` for the keys.
"""

from __future__ import annotations

import compileall
import importlib
import json
import os
import platform
import sys
import time
from pathlib import Path

from bench.figures import Figure, as_table, check_figure

ROOT = Path(__file__).resolve().parents[1]
OUTPUT = ROOT / "build" / "bench.json"
NO_BENCHMARK = {"__init__", "__main__", "figures"}


def benchmark_names() -> list[str]:
    return sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py") if path.stem not in NO_BENCHMARK)


def run_one(name: str) -> list[Figure]:
    module = importlib.import_module(f"bench.{name}")
    if not hasattr(module, "run"):  # a helper that benchmarks share
        return []
    started = time.perf_counter()
    figures = [check_figure(figure) for figure in module.run()]
    print(f"{name}: {len(figures)} figures in {time.perf_counter() - started:.1f} s", file=sys.stderr)
    return figures


def write(figures: list[Figure], path: Path = OUTPUT) -> None:
    """Write figures as a JSON list."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def main(arguments: list[str]) -> int:
    known = benchmark_names()
    if unknown := sorted(set(arguments) - set(known)):
        print(f"no benchmark named {', '.join(unknown)}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    # start-up is that of an installed program, whose byte code is there, also where Python is told to write none
    for folder in ("src", "bench"):
        compileall.compile_dir(ROOT / folder, quiet=2)
    figures: list[Figure] = []
    for name in arguments or known:
        figures += run_one(name)
        write(figures)  # what was measured is there also where a later one breaks off
    print(as_table(figures))
    where = f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores"
    print(f"{where}, load {os.getloadavg()[0]:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
