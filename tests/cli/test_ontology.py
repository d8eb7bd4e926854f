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
        (("--add", "Car=bounding_box"), "2 are called Car"),
        (("--add", "Tram=cube"), "drawn as cube"),
        (("--add", "Tram"), "Tram needs a kind (bounding_box"),
        (("--change", "Tram.name=x"), "the ontology has no Tram"),
        (("--change", "Car.color=red"), "a colour is #RRGGBB"),
        (("--change", "Car.shape=cube"), "drawn as cube"),
        (("--add", "Bus/Colour=radio"), "the ontology has no Bus"),
        (("--change", "Car/Type/Taxi.required=on"), "an option has no required"),
        (("--add", "Tram=polygon", "--change", "Tram.color=x"), "a colour is #RRGGBB"),
        (("--change", "Car=x"), "names no field"),
    ],
)
def test_what_no_class_can_be_is_said_and_nothing_changes(shell: Shell, words: tuple[str, ...], said: str) -> None:
    before = shell("ontology", "--json").json

    result = shell("ontology", *words)

    assert result.code == 2
    assert said in result.err
    assert shell("ontology", "--json").json == before


@pytest.mark.usefixtures("demo")
def test_attributes_and_options_are_added_changed_and_listed_in_the_order_of_the_words(shell: Shell) -> None:
    steps = ("--add", "Car/Load=radio", "--add", "Car/Load/Full", "--add", "Car/Load/Full/Weight=numeric")
    more = ("--change", "Car/Load/Full.name=Loaded", "--change", "Car/Load.required=on", "--add", "Car/Load/Empty")
    found = shell("ontology", *steps, *more, "--change", "Car/Load/Empty.place=1", "--json").json["classes"]

    load = next(c for c in found if c["name"] == "Car")["attributes"][-1]
    assert (load["name"], load["kind"], load["required"]) == ("Load", "radio", True)
    assert [o["label"] for o in load["options"]] == ["Empty", "Loaded"]
    assert load["options"][1]["attributes"][0]["name"] == "Weight"
    assert "Car/Load/Loaded/Weight  numeric" in shell("ontology", "Car/Load").out
    activity = shell("log", "--activities", "--json").json[0]
    assert "added Car/Load" in activity["outcome"]


@pytest.mark.usefixtures("demo")
def test_what_labels_have_is_archived_and_not_taken_out(shell: Shell) -> None:
    before = shell("ontology", "--uses", "--json").json
    taxi = next(o for c in before["classes"] if c["name"] == "Car" for o in c["attributes"][0]["options"][2:3])
    count = before["instances"][taxi["id"]]

    refused = shell("ontology", "--remove", "Car/Type/Taxi")
    assert refused.code == 1
    assert f"{count} instance" in refused.err
    assert "would lose answers by it (archive it instead" in refused.err
    assert shell("ontology", "--uses", "--json").json == before

    archived = shell("ontology", "--change", "Car/Type/Taxi.archived=on", "--uses", "--json").json
    assert archived["instances"] == before["instances"]


@pytest.mark.usefixtures("demo")
def test_what_no_label_has_is_taken_out(shell: Shell) -> None:
    assert shell("ontology", "--add", "Car/Type/Tank", "--remove", "Car/Type/Tank").code == 0
    shell("ontology", "--add", "Car/Type/Tank")
    assert shell("ontology", "--remove", "Car/Type/Tank").code == 0
    assert "Tank" not in shell("ontology", "Car").out


@pytest.mark.usefixtures("demo")
def test_a_classification_is_added_with_its_question_renamed_and_archived(shell: Shell) -> None:
    shell("ontology", "--add", "Sky=radio", "--add", "Sky/Sky/Clear")
    found = shell("ontology", "--change", "Sky.name=Air", "--change", "Air.archived=on", "--json").json
    (sky,) = (c for c in found["classifications"] if c["name"] == "Air")
    assert sky["archived"]
    assert (sky["attributes"][0]["name"], sky["attributes"][0]["options"][0]["label"]) == ("Air", "Clear")
