"""Changes of an ontology: what comes of them is right, keeps ids, and says what labels would lose."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.ontology_steps import answered, changed, steps
from tui_editor.errors import OntologyError
from tui_editor.model import ontology_edits as edits
from tui_editor.model.codec import decode_value, encode_value
from tui_editor.model.ids import InstanceId, UnitId
from tui_editor.model.instances import DynamicAnswer, Instance
from tui_editor.model.ontology import Ontology
from tui_editor.model.ontology_faults import ontology_faults
from tui_editor.model.ontology_fit import loses, narrowed
from tui_editor.model.ontology_paths import every_way, find_path, node_at, path_of, path_words


def made(*said: str) -> Ontology:
    """Return an ontology of `place=kind`, place by place."""
    ontology = Ontology()
    for each in said:
        place, _, kind = each.partition("=")
        above, _, name = place.rpartition("/")
        ontology = edits.added(ontology, find_path(ontology, above) if above else (), name, kind)
    return ontology


CAR = made("Car=bounding_box", "Car/Colour=radio", "Car/Colour/Red", "Car/Colour/Blue", "Car/Colour/Red/Shade=text")
WHOLE = made(
    "Car=bounding_box",
    "Lane=polyline",
    "Weather=checklist",
    "Car/Colour=radio",
    "Car/Colour/Red",
    "Car/Colour/Blue",
    "Car/Colour/Red/Shade=checklist",
    "Car/Colour/Red/Shade/Dark",
    "Car/Speed=numeric",
    "Lane/Name=text",
    "Weather/Weather/Rain",
)
_SETTINGS = settings(max_examples=60, deadline=None)


def change(ontology: Ontology, place: str, field: str, words: str) -> Ontology:
    return edits.changed(ontology, find_path(ontology, place), field, words)


def ids(ontology: Ontology) -> set[str]:
    return {way[-1].id for way in every_way(ontology)}


@_SETTINGS
@given(changed(WHOLE))
def test_any_changes_leave_a_right_ontology_that_the_store_gives_back(ontology: Ontology) -> None:
    assert list(ontology_faults(ontology)) == []
    again = decode_value(encode_value(ontology), Ontology)
    assert (again.classes, again.classifications) == (ontology.classes, ontology.classifications)


@_SETTINGS
@given(st.data())
def test_labels_lose_nothing_by_a_change_of_which_that_is_said(data: st.DataObject) -> None:
    before = data.draw(changed(WHOLE, 8))
    if not before.all():
        return
    instance, after = data.draw(answered(before)), data.draw(steps(before))
    lost = instance.class_id not in {c.id for c in after.all()} or not set(instance.answers) <= ids(after)
    if lost:
        assert loses(instance, before, after)
    if loses(instance, before, after):
        assert instance.class_id in narrowed(before, after)


@_SETTINGS
@given(st.data())
def test_every_place_is_found_by_its_names_and_by_its_ids(data: st.DataObject) -> None:
    ontology = data.draw(changed(WHOLE))
    for way in every_way(ontology):
        path = path_of(way)
        assert find_path(ontology, "/".join(path)) == path
        if not any("/" in getattr(node, "name", getattr(node, "label", "")) for node in way):
            assert find_path(ontology, path_words(ontology, path)) == path


def test_a_name_another_kind_and_another_place_keep_every_id() -> None:
    after = change(
        change(change(CAR, "Car/Colour", "name", "Tint"), "Car/Tint/Blue", "place", "1"), "Car", "name", "Van"
    )
    assert ids(after) == ids(CAR)
    assert [o.label for o in node_at(after, find_path(after, "Van/Tint")).options] == ["Blue", "Red"]  # type: ignore[union-attr]


def test_an_options_script_name_follows_its_label_only_where_it_was_made_of_it() -> None:
    (red, _) = change(CAR, "Car/Colour/Red", "name", "Dark Red").classes[0].attributes[0].options
    assert (red.label, red.value) == ("Dark Red", "dark_red")


def test_a_classification_is_renamed_with_its_question() -> None:
    sky = change(made("Weather=radio"), "Weather", "name", "Sky").classifications[0]
    assert (sky.name, sky.attributes[0].name) == ("Sky", "Sky")


@pytest.mark.parametrize(
    ("place", "field", "words", "said"),
    [
        ("Car/Colour", "kind", "text", "has options"),
        ("Car/Colour", "kind", "checklist", "only an option of a radio attribute brings attributes"),
        ("Car/Colour", "kind", "date", "can't be date"),
        ("Car/Colour", "dynamic", "yes", "dynamic can't be yes"),
        ("Car/Colour/Red/Shade", "dynamic", "on", "only an attribute of an object class itself"),
        ("Car/Colour/Red", "name", "blue", "2 are called blue"),
        ("Car/Colour/Red", "name", " ", "1 to 100 characters"),
        ("Car/Colour/Red", "place", "3", "place can't be 3"),
        ("Car/Colour/Red", "required", "on", "an option has no required"),
        ("Car/Colour/Red/Shade", "pattern", "(", "no regular expression"),
        ("Car", "hotkey", "ab", "hotkey can't be ab"),
        ("Car", "color", "red", "a colour is #RRGGBB"),
        ("Car", "shape", "cube", "can't be drawn as cube"),
    ],
)
def test_what_something_can_not_become_is_said(place: str, field: str, words: str, said: str) -> None:
    with pytest.raises(OntologyError, match=said):
        change(CAR, place, field, words)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("Bus", "the ontology has no Bus"),
        ("Car/Size", "Car has no Size"),
        ("Car/Colour/Green", "Car/Colour has no Green"),
        ("Car/Nothing/Green", "Car has no Nothing"),
    ],
)
def test_a_place_that_is_not_there_is_told_with_what_is(place: str, said: str) -> None:
    with pytest.raises(OntologyError, match=said):
        find_path(CAR, place)


def test_attributes_are_nested_seven_levels_and_no_deeper() -> None:
    ontology, place = made("Car=bounding_box"), "Car"
    for _ in range(7):
        ontology = edits.added(ontology, find_path(ontology, place), "A", "radio")
        ontology = edits.added(ontology, find_path(ontology, f"{place}/A"), "O")
        place = f"{place}/A/O"
    with pytest.raises(OntologyError, match="deeper than 7"):
        edits.added(ontology, find_path(ontology, place), "A", "text")


def test_the_only_question_of_a_classification_stays() -> None:
    ontology = made("Weather=radio")
    with pytest.raises(OntologyError, match="all that the classification asks"):
        edits.removed(ontology, find_path(ontology, "Weather/Weather"))


def test_what_was_wrong_before_hinders_no_other_change() -> None:
    (one,) = made("Car=bounding_box").classes
    twice = Ontology(classes=(one, made("Car=polygon").classes[0]))
    after = edits.changed(twice, (one.id,), "color", "#112233")
    assert after.classes[0].color == "#112233"


# --- what labels would lose ------------------------------------------------------------------------


def instance(ontology: Ontology, place: str, *options: str, dynamic: bool = False) -> Instance:
    path = find_path(ontology, place)
    named = tuple(find_path(ontology, f"{place}/{o}")[-1] for o in options)
    given_ = DynamicAnswer(attribute=path[-1], value=named, unit=UnitId(1), first=0, last=0)  # type: ignore[arg-type]
    return Instance(
        id=InstanceId(1),
        class_id=path[0],  # type: ignore[arg-type]
        ordinal=0,
        answers={} if dynamic else {path[-1]: named},  # type: ignore[dict-item]
        dynamic=(given_,) if dynamic else (),
    )


def test_an_answer_is_lost_with_its_option_its_attribute_and_its_class() -> None:
    red = instance(CAR, "Car/Colour", "Red")
    for place, lost in (("Car/Colour/Red", True), ("Car/Colour/Blue", False), ("Car/Colour", True), ("Car", True)):
        after = edits.removed(CAR, find_path(CAR, place))
        assert (place, loses(red, CAR, after)) == (place, lost)
        assert narrowed(CAR, after) == {red.class_id}, "whoever has the class is looked at"


def test_archiving_renaming_and_reordering_take_nothing() -> None:
    red = instance(CAR, "Car/Colour", "Red")
    for place, field, words in (
        ("Car/Colour/Red", "archived", "on"),
        ("Car/Colour", "archived", "on"),
        ("Car", "archived", "on"),
        ("Car/Colour/Red", "name", "Crimson"),
        ("Car/Colour/Red", "place", "2"),
    ):
        after = change(CAR, place, field, words)
        assert not narrowed(CAR, after)
        assert not loses(red, CAR, after)


def test_several_ticks_are_lost_where_one_answer_is_asked_for() -> None:
    list_of = made("Car=bounding_box", "Car/Parts=checklist", "Car/Parts/Door", "Car/Parts/Wheel")
    radio = change(list_of, "Car/Parts", "kind", "radio")
    assert loses(instance(list_of, "Car/Parts", "Door", "Wheel"), list_of, radio)
    assert narrowed(list_of, radio) == {c.id for c in list_of.classes}
    assert not loses(instance(list_of, "Car/Parts", "Door"), list_of, radio)


def test_static_and_dynamic_answers_are_lost_where_the_other_kind_is_asked_for() -> None:
    frames = change(CAR, "Car/Colour", "dynamic", "on")
    assert loses(instance(CAR, "Car/Colour", "Red"), CAR, frames)
    assert loses(instance(frames, "Car/Colour", "Red", dynamic=True), frames, CAR)
