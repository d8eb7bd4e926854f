from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tui_editor.errors import FormatUnknown
from tui_editor.formats.registry import BUILT_IN, FormatRegistry, registry
from tui_editor.ports import Detection

if TYPE_CHECKING:
    from pathlib import Path


class Fake:
    """A format that recognises files by a suffix of its own."""

    title = "fake"
    can_export = False

    def __init__(self, name: str, confidence: float) -> None:
        self.name = name
        self.confidence = confidence

    def detect(self, path: Path) -> Detection:
        if path.suffix == ".broken":
            raise RuntimeError("bo\x1b[31mom")
        return Detection(confidence=self.confidence if path.suffix == ".lab" else 0.0, reason="its \x1bsuffix")

    def read(self, *args: Any) -> Any: ...

    def write(self, *args: Any) -> Any: ...


SURE = Fake("sure", 0.9)
LIKELY = Fake("likely", 0.8)
FAINT = Fake("faint", 0.2)
NOT_A_FORMAT = object()


def of(*names: str) -> FormatRegistry:
    return FormatRegistry({n: f"{__name__}:{n.upper()}" for n in names})


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    path = tmp_path / "x.lab"
    path.write_text("")
    return path


def test_the_surest_format_is_chosen(lab: Path) -> None:
    assert of("sure", "faint").choose(lab) is SURE


def test_candidates_are_listed_surest_first(lab: Path) -> None:
    assert [f.name for f, _ in of("faint", "sure", "likely").detect(lab)] == ["sure", "likely", "faint"]


@pytest.mark.parametrize("names", [("sure", "likely"), ("faint",)])
def test_an_unsure_choice_is_refused_with_the_candidates(lab: Path, names: tuple[str, ...]) -> None:
    with pytest.raises(FormatUnknown) as caught:
        of(*names).choose(lab)
    assert all(name in caught.value.hint for name in names)
    assert "\x1b" not in str(caught.value)


def test_a_named_format_is_taken_whatever_the_file(tmp_path: Path) -> None:
    assert of("sure", "faint").choose(tmp_path / "none", "faint") is FAINT


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(FormatUnknown, match="sure"):
        of("sure").get("other\x1b")


def test_a_missing_file_has_no_format(tmp_path: Path) -> None:
    with pytest.raises(FormatUnknown, match="no such file"):
        of("sure").choose(tmp_path / "none.lab")


@pytest.mark.parametrize("place", ["nowhere_at_all:X", "tests.formats.test_registry:NOT_A_FORMAT", "json:none"])
def test_a_broken_plug_in_is_a_warning_and_the_others_work(lab: Path, place: str) -> None:
    found = FormatRegistry({"bad": place, "sure": f"{__name__}:SURE"})
    assert found.choose(lab) is SURE
    assert [w.split(":")[0] for w in found.warnings] == ["format bad can't be loaded"]


def test_a_detection_that_fails_is_a_warning_without_control_characters(tmp_path: Path) -> None:
    found = of("sure")
    assert found.detect(tmp_path / "x.broken") == []
    assert "bo␛[31mom" in found.warnings[0]


def test_the_built_in_formats_are_registered() -> None:
    assert set(BUILT_IN) <= set(registry().names)
