"""The filter language: what words mean, what is refused and where, and that text and terms are the same thing."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support.doctext import ONTOLOGY, TASK, UNIT, document
from tui_editor.errors import FilterInvalid
from tui_editor.model.document import LabelDocument, make_document
from tui_editor.model.ids import AttributeId, ClassId, InstanceId, OptionId, UnitId
from tui_editor.model.instances import DynamicAnswer
from tui_editor.model.tracks import LabelFlag, Origin
from tui_editor.state.filters import WORDS, parse_filter
from tui_editor.state.filters.matching import passes
from tui_editor.state.filters.syntax import FIELDS, NUMBERS, Term, Value, read_terms, written
from tui_editor.state.view import Filters

if TYPE_CHECKING:
    from tui_editor.model.ontology import AnswerValue

TEXT = """
car@0 box 1,1 2,2 approved
car@1 box 1,1 2,2
car@5 box 30,30 2,2
car(1)@0 box 1,1 2,2 rejected
van@0 box 1,1 2,2
van@1 box 1,1 2,2
van@2 box 400,1 2,2
van@3 box 400,1 2,2
eye@0 point 1,1
eye@1 point 1,1
eye@2 point 1,1
eye@3 point 1,1
eye@4 point 1,1
night@2 present
issue label car(1)@0 "open one"
issue label van@0 "far too loose" resolved
"""
NAMES = {1: "car", 2: "car(1)", 3: "van", 4: "eye", 5: "night"}
MADE_BY = {1: "ann", 2: "ann", 3: "bob", 4: "bob", 5: "bob"}


def sample() -> LabelDocument:
    """Return the document with scores, authors, origins, flags and answers."""
    found = document(TEXT)
    tracks = {
        key: replace(
            track,
            confidence=np.full(len(track), key[0] / 10, np.float32),
            origin=np.full(len(track), Origin.TRACKED if key[0] == 3 else Origin.MANUAL, np.uint8),
            flags=np.where(track.frames == 1, LabelFlag.OCCLUDED, LabelFlag.KEY).astype(np.uint8),
            people=("zoe", "Kim") if key[0] == 1 else (),
            editor=np.full(len(track), 1 if key[0] == 1 else -1, np.int16),
        )
        for key, track in found.tracks.items()
    }
    speed = DynamicAnswer(attribute=AttributeId("speed"), value=50, unit=UNIT, first=1, last=4)
    answers: dict[int, dict[AttributeId, AnswerValue]] = {
        1: {AttributeId("color"): (OptionId("red"),), AttributeId("shade"): "Dark wine"},
        2: {AttributeId("color"): (OptionId("blue"),)},
    }
    made = [
        replace(i, created_by=MADE_BY[i.id], answers=answers.get(i.id, i.answers)) for i in found.instances.values()
    ]
    made = [replace(i, dynamic=(speed,)) if i.id == 1 else i for i in made]
    return make_document(
        instances=made, tracks=tracks, issues=found.issues.values(), decisions=dict(found.decisions.items())
    )


def let_through(text: str, found: LabelDocument) -> list[str]:
    filters = parse_filter(text, ONTOLOGY)
    return [NAMES[i] for i in sorted(NAMES) if passes(filters, found, ONTOLOGY, InstanceId(i))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "car car(1) van eye night"),
        ("class:car", "car car(1)"),
        ("class:CA", "car car(1)"),
        ("class=car,van", "car car(1) van"),
        ("class:/^(car|eye)$/", "car car(1) eye"),
        ("-class:car", "van eye night"),
        ("!class:car !class:van", "eye night"),
        ("class:car class:van", "car car(1) van"),
        ("state:approved state:rejected", "car car(1)"),
        ("class:car -class:car", ""),
        ("score<0.2", "car"),
        ("score<=0.2", "car car(1)"),
        ("score>30%", "eye night"),
        ("score>=0.3", "van eye night"),
        ("α>=0.15 confidence<=0.35", "car(1) van"),
        ("score:0.2-30%,0.5", "car(1) van night"),
        ("score=0.4", "eye"),
        ("state:approved", "car"),
        ("state:pend", "van eye night"),
        ("state:approved,rejected", "car car(1)"),
        ("-state:approved,rejected", "van eye night"),
        ("issue:open", "car(1)"),
        ("issue:none", "car van eye night"),
        ("issue:resolved", "van"),
        ("issue:open,resolved", "car(1) van"),
        ("author:bob", "van eye night"),
        ("author:kim", "car"),
        ("author:zoe", ""),
        ("author:/^(a|k)/", "car car(1)"),
        ("ar", "car car(1)"),
        ("CAR (1)", "car(1)"),
        ('"car (1)"', "car(1)"),
        ("-car", "van eye night"),
        ("car,van", "car car(1) van"),
        ("/^.a[nr] .0/", "car van"),
        ("class:car state:pending", ""),
        ("wheel", ""),
        ("frames:0", "car car(1) van eye"),
        ("frames:5-", "car"),
        ("frames:-0", "car car(1) van eye"),
        ("frames:2-3,5", "car van eye night"),
        ("frames<1", "car car(1) van eye"),
        ("frame>=5", "car"),
        ("-frames:0-4", "car"),
        ("shape:box", "car car(1) van"),
        ("shape:point,presence", "eye night"),
        ("origin:tracked", "van"),
        ("origin:man -class:car", "eye night"),
        ("track:gap", "car"),
        ("-track:gap", "car(1) van eye night"),
        ("track:jump", "van"),
        ("track:single", "car(1) night"),
        ("track:short", "car car(1) van night"),
        ("occluded:yes", "car van eye"),
        ("occluded:yes,no", "car car(1) van eye night"),
        ("outside:no", "car car(1) van eye night"),
        ("-key:yes", "car van eye"),
        ("attr:color", "car car(1)"),
        ("-attr:color", "van eye night"),
        ("attr:color=red", "car"),
        ("attr:COL=Red,blue", "car car(1)"),
        ("attr:color=/^b/", "car(1)"),
        ('attr:shade="dark wine"', "car"),
        ("attr:speed>=50", "car"),
        ("attr:speed>50", ""),
        ("attr:speed=50", "car"),
        ("attr:speed=50 frames:0", ""),
        ("attr:speed<51 frames:1", "car"),
        ("text:wine", "car"),
        ("text:loose", "van"),
        ("text:/w.ne|too/", "car van"),
        ("text:blue", "car(1)"),
        ("occluded:yes score<0.3", "car"),
        ("occluded:no frames:1", ""),
    ],
)
def test_words_let_through(text: str, expected: str) -> None:
    assert expected.split() == let_through(text, sample())


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("class:plane", 7, "no class is called plane.*car, van"),
        ("state:odd", 7, "no review state odd.*pending, approved"),
        ("class:car state:", 17, "a value is missing here"),
        ("issue:maybe", 7, "open, none, resolved"),
        ("car score<1.2.3", 11, "not a number from 0 to 1"),
        ("score<50", 7, "0.5 or 50%"),
        ("score<nan", 7, "not a number"),
        ("score<0.1,0.2", 11, "one number"),
        ("x score:0.5-0.2", 9, "ends before it begins"),
        ("-speed:3", 2, "speed is no field.*class, score"),
        ("a:b", 1, "in quotation marks"),
        ("class<car", 6, "not compared"),
        ('class:"car', 7, "not closed"),
        ("text:/car", 6, "not closed"),
        ('class:"car"x', 12, "can't stand here"),
        ("text:/a(b/", 8, "not closed"),
        ("text:/a**/", 9, "nothing to repeat"),
        (r"text:/(a)\1/", 10, "not known"),
        ("frames:1.5", 8, "no frame.*100-200"),
        ("frames:99999999999", 8, "no frame"),
        ("track:wild", 7, "gap, jump, short, single"),
        ("shape:circle", 7, "box, rotated box, polygon"),
        ("occluded:maybe", 10, "yes, no"),
        ("attr:", 6, "a value is missing"),
        ("attr<3", 5, "attr:NAME"),
        ("-attr:weight=3", 7, "no attribute weight.*Color, Shade, Speed"),
        ("attr:color=green", 12, "no answer green.*Red, Blue"),
        ("attr:speed>fast", 12, "fast is no number"),
        ("attr:color>3", 12, "no answer 3"),
        ("x" * 1001, 1001, "at most 1000"),
    ],
)
def test_what_is_no_filter_is_refused_and_the_place_is_told(text: str, column: int, message: str) -> None:
    with pytest.raises(FilterInvalid, match=message) as caught:
        parse_filter(text, ONTOLOGY)
    assert caught.value.where == f"column {column}"
    assert caught.value.start == column - 1
    assert caught.value.start < caught.value.stop


def test_a_name_that_another_begins_with_means_itself() -> None:
    found = sample()
    entries = (*ONTOLOGY.classes, replace(ONTOLOGY.classes[1], id=ClassId("caravan"), name="caravan"))
    ontology = dataclasses.replace(ONTOLOGY, classes=entries)
    value = replace(found.instances[InstanceId(3)], class_id=ClassId("caravan"))
    changed = make_document(
        instances=[value if i.id == 3 else i for i in found.instances.values()], tracks=dict(found.tracks.items())
    )
    for text, expected in (("class:car", [1, 2]), ("class:cara", [3]), ("class:ca", [1, 2, 3])):
        filters = parse_filter(text, ontology)
        assert expected == [i for i in sorted(NAMES) if passes(filters, changed, ontology, InstanceId(i))]


def test_the_typed_text_is_kept_with_what_it_says() -> None:
    found = parse_filter("  class:car ", ONTOLOGY)
    assert found.text == "class:car"
    assert found.terms == (Term(field="class", values=(Value(text="car"),)),)
    assert parse_filter("", ONTOLOGY) == Filters()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("unit:left", [1]),
        ("unit:LEF", [1]),
        ("unit:2", [1, 3]),
        ('unit:"right side"', [1, 3]),
        ("unit:left,right", [1, 3]),
        ("unit:left unit:right", [1, 3]),
        ("-unit:right", [1]),
        ("unit:left frames:1", []),
    ],
)
def test_labels_of_a_data_unit_are_named_by_its_title_or_its_place(text: str, expected: list[int]) -> None:
    found = document("car@0 box 1,1 2,2\nvan@1 box 1,1 2,2")
    car, van = (found.tracks[key, UNIT] for key in (InstanceId(1), InstanceId(2)))
    right = UnitId(7)
    tracks = {(InstanceId(1), UNIT): car, (InstanceId(1), right): van, (InstanceId(2), right): van}
    both = make_document(instances=found.instances.values(), tracks=tracks)
    units = [replace(TASK.units[0], id=key, title=title) for key, title in ((UNIT, "left"), (right, "right side"))]
    filters = parse_filter(text, ONTOLOGY, units)
    assert [2 * i - 1 for i in (1, 2) if passes(filters, both, ONTOLOGY, InstanceId(i))] == expected


@pytest.mark.parametrize("text", ["unit:middle", "unit:3", "unit:0", "unit:/l/"])
def test_a_data_unit_that_is_not_there_is_refused_with_those_that_are(text: str) -> None:
    units = [replace(TASK.units[0], title="left")] * 2
    with pytest.raises(FilterInvalid, match="there is no data unit") as caught:
        parse_filter(text, ONTOLOGY, units)
    assert caught.value.hint == "left, left"


def test_an_instance_that_is_gone_does_not_pass() -> None:
    assert not passes(Filters(), document(""), ONTOLOGY, InstanceId(1))


def test_escapes_in_a_wrong_word_are_made_harmless() -> None:
    with pytest.raises(FilterInvalid) as caught:
        parse_filter("class:\x1b[2Jx", ONTOLOGY)
    assert "\x1b" not in str(caught.value)


def test_every_field_is_shown_with_what_it_takes() -> None:
    assert [word.partition(":")[0].partition("<")[0] for word in WORDS] == list(FIELDS)


def refusal(text: str) -> FilterInvalid | None:
    try:
        parse_filter(text, ONTOLOGY)
    except FilterInvalid as error:
        return error
    return None


@given(st.text(max_size=60) | st.text(alphabet='-!:<>=/",\\ abclass:score1.5(|)[]*+?{}^$', max_size=60))
def test_any_text_is_a_filter_or_refused_at_a_place_within_it(text: str) -> None:
    error = refusal(text)
    assert error is None or 0 <= error.start < error.stop <= max(len(text.strip()), error.start + 1)


plain = st.builds(Value, text=st.text(min_size=1))
pieces = st.text(alphabet=st.characters(exclude_characters="\\"), min_size=1) | st.sampled_from([r"\d", r"\\", r"\."])
expressions = st.lists(pieces, min_size=1).map("".join)  # a backslash says something of the character behind it
values = plain | st.builds(Value, text=expressions, pattern=st.just(True))
terms = st.one_of(
    st.builds(
        Term,
        field=st.sampled_from(["name", *(f for f in FIELDS if f != "attr")]),
        values=st.lists(values, min_size=1, max_size=3).map(tuple),
        negated=st.booleans(),
    ),
    st.builds(
        Term,
        field=st.sampled_from(sorted(NUMBERS - {"attr"})),
        operator=st.sampled_from(["<", "<=", ">", ">="]),
        values=st.tuples(plain),
        negated=st.booleans(),
    ),
    st.builds(
        Term,
        field=st.just("attr"),
        attribute=st.text(min_size=1),
        values=st.lists(values, max_size=2).map(tuple),
        negated=st.booleans(),
    ),
)


@given(st.lists(terms, max_size=4).map(tuple))
def test_terms_that_are_written_are_read_as_the_same_terms(made: tuple[Term, ...]) -> None:
    text = written(made)
    if len(text) <= 1000:
        assert made == read_terms(text)
