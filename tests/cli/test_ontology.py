"""ontology: classes of the project in the shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.support import Shell


@pytest.mark.usefixtures("demo")
def test_classes_are_added_and_changed(shell: Shell) -> None:
    before = shell("ontology", "--json").json["classes"]

    after = shell(
        "ontology",
        "--add",
        "Tram=bounding_box",
        "--change",
        "Tram.color=#ff8800",
        "--change",
        "Car.name=Motor",
        "--json",
    ).json["classes"]

    assert len(after) == len(before) + 1
    assert (after[-1]["name"], after[-1]["shape"], after[-1]["color"]) == ("Tram", "bounding_box", "#FF8800")
    assert {c["id"] for c in before} < {c["id"] for c in after}, "labels hold on to ids"
    assert "Motor" in shell("ontology").out
    assert "archived" in shell("ontology", "--change", "Tram.archived=on").out


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--add", "Car=bounding_box"), "a class Car already"),
        (("--add", "Tram=cube"), "drawn as cube"),
        (("--add", "Tram"), "is not NAME=SHAPE"),
        (("--change", "Tram.name=x"), "no class Tram"),
        (("--change", "Car.color=red"), "color can't be red (#RRGGBB)"),
        (("--change", "Car.shape=polygon"), "shape can't be polygon"),
        (("--change", "Car=x"), "names no field"),
    ],
)
def test_what_no_class_can_be_is_said_and_nothing_changes(shell: Shell, words: tuple[str, ...], said: str) -> None:
    before = shell("ontology", "--json").json

    result = shell("ontology", *words)

    assert result.code == 2
    assert said in result.err
    assert shell("ontology", "--json").json == before
