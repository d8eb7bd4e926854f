"""The generator of the documentation and its checks."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "docs.py"


@pytest.fixture
def docs() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_script", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    module = ModuleType("made_up_pages")
    module.__spec__ = importlib.util.spec_from_loader("made_up_pages", loader=None)
    vars(module).update(keys_page=lambda: "# Keys\n", broken_page=lambda: 12)
    monkeypatch.setitem(sys.modules, "made_up_pages", module)
    return {"keys.md": "made_up_pages:keys_page"}


def test_a_page_is_stale_until_it_holds_what_its_function_returns(
    docs: ModuleType, pages: dict[str, str], tmp_path: Path
) -> None:
    assert docs.stale_pages(pages, tmp_path) == {"keys.md": "# Keys\n"}

    (tmp_path / "keys.md").write_text("# Keys\n")
    assert docs.stale_pages(pages, tmp_path) == {}

    (tmp_path / "keys.md").write_text("# Keys of old\n")
    assert docs.stale_pages(pages, tmp_path) == {"keys.md": "# Keys\n"}


def test_a_page_whose_function_returns_no_text_is_an_error(docs: ModuleType, pages: dict[str, str]) -> None:
    with pytest.raises(TypeError, match="returned int"):
        docs.generate("made_up_pages:broken_page")


def test_only_links_that_lead_nowhere_are_dead(docs: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "here.md").write_text("x")
    page = tmp_path / "page.md"
    page.write_text(
        "[a](here.md) [b](here.md#part) [c](#part) [d](https://example.org/x) ![e](gone.png)\n"
        "`[f](no.md)`\n```\n[g](no.md)\n```\n[h](gone/x.md)\n"
    )

    assert docs.dead_links([page]) == [f"{page}: gone.png", f"{page}: gone/x.md"]
