"""What the benchmarks share."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from bench.__main__ import benchmark_names, main, write
from bench.figures import absent, as_table, check_figure, figure, interleaved_medians_ms

if TYPE_CHECKING:
    from pathlib import Path


def test_the_ratio_is_ours_over_the_peers() -> None:
    assert figure("open", 3.0, "ms", n=5, peer="theirs", peer_value=6.0)["ratio"] == 0.5
    assert figure("open", 3.0, "ms", n=5)["ratio"] is None


def test_a_figure_with_a_missing_key_is_refused() -> None:
    with pytest.raises(ValueError, match=r"\['ratio'\]"):
        check_figure({key: value for key, value in absent("a", "ms", why="b").items() if key != "ratio"})


def test_the_table_is_aligned_and_shows_what_is_absent() -> None:
    table = as_table([figure("open", 12.345, "ms", n=5, peer="cv2", peer_value=10.0), absent("b", "MB", why="no file")])

    assert table.splitlines() == [
        "figure  value  unit  peer     peer's  ratio  n",
        "open    12.3   ms    cv2      10      1.23   5",
        "b       -      MB    no file  -       -      0",
    ]


def test_the_subjects_take_turns() -> None:
    turns: list[str] = []
    medians = interleaved_medians_ms({"a": lambda: turns.append("a"), "b": lambda: turns.append("b")}, runs=3)

    assert turns == ["a", "b", "a", "b", "a", "b"]
    assert medians.keys() == {"a", "b"}


def test_the_file_is_a_list_of_figures(tmp_path: Path) -> None:
    made = figure("open", 3.0, "ms", n=5, peer="theirs", peer_value=6.0)

    write([made], tmp_path / "build" / "bench.json")

    assert json.loads((tmp_path / "build" / "bench.json").read_text()) == [made]
    assert list(made) == ["name", "value", "unit", "peer", "peer_value", "ratio", "n"]


def test_an_unknown_benchmark_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["no-such"]) == 2
    assert "startup" in capsys.readouterr().err


def test_every_benchmark_is_listed_but_the_shared_modules() -> None:
    assert "startup" in benchmark_names()
    assert not {"figures", "__main__", "__init__"} & set(benchmark_names())
