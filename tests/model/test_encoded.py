"""Labels in the bytes that stores keep, made without the values between."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import strategies as some
from tui_editor.errors import StoreError
from tui_editor.model.codec import decode_value, encode_imported, encode_value
from tui_editor.model.columns import pack
from tui_editor.model.encoded import (
    EncodedLabel,
    EncodedLabels,
    encode_geometry,
    encode_numbers,
    encode_rings,
)
from tui_editor.model.ids import ClassId, InstanceId, UnitId
from tui_editor.model.instances import Instance
from tui_editor.model.shapes import Box, Polygon, ShapeKind, ring
from tui_editor.model.track_codec import encode_label, encode_track
from tui_editor.model.tracks import single_track

number = st.floats(allow_nan=False)
rings = st.lists(st.lists(st.tuples(number, number), max_size=5), max_size=4)
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)


@pytest.mark.parametrize("kind", list(ShapeKind))
@settings(max_examples=30)
@given(data=st.data(), frame=st.integers(0, 2**31 - 1))
def test_a_label_has_the_bytes_of_its_track(kind: ShapeKind, data: st.DataObject, frame: int) -> None:
    geometry = data.draw(some.tracks(kind, least=1)).geometry.part(0, 1)

    assert encode_label(frame, *encode_geometry(geometry)) == encode_track(single_track(frame, geometry))


@given(rings)
def test_flat_rings_have_the_bytes_of_their_polygon(parts: list[list[tuple[float, float]]]) -> None:
    polygon = Polygon(tuple((ring(part),) for part in parts))

    flat = [[value for point in part for value in point] for part in parts]

    assert encode_rings(flat) == encode_geometry(pack([polygon]))


@given(st.tuples(number, number, number, number))
def test_numbers_have_the_bytes_of_their_shape(numbers: tuple[float, float, float, float]) -> None:
    assert encode_numbers(ShapeKind.BOX, numbers) == encode_geometry(pack([Box(*numbers)]))


@given(st.integers(1, 2**63 - 1), words, st.integers(0, 2**31), words, st.dictionaries(words, words, max_size=2))
def test_an_imported_instance_has_the_bytes_of_its_value(
    key: int, class_id: str, ordinal: int, source_id: str, extra: dict[str, str]
) -> None:
    instance = Instance(
        id=InstanceId(key), class_id=ClassId(class_id), ordinal=ordinal, source_id=source_id, extra=extra
    )

    data = encode_imported(instance.id, instance.class_id, ordinal, source_id, extra)

    assert data == encode_value(instance)
    assert decode_value(data, Instance) == instance


def test_an_imported_instance_with_text_that_is_not_unicode_is_refused() -> None:
    with pytest.raises(StoreError):
        encode_imported(InstanceId(1), ClassId("car"), 0, "\udc80", {})


def test_encoded_labels_are_decoded_to_their_document() -> None:
    unit, keys = UnitId(7), [InstanceId(2), InstanceId(1)]
    labels = [
        EncodedLabel(
            key,
            ClassId("car"),
            frame,
            ShapeKind.BOX,
            encode_imported(key, ClassId("car"), frame, "x", {}),
            encode_label(frame, *encode_numbers(ShapeKind.BOX, [frame, 2, 3, 4])),
        )
        for frame, key in enumerate(keys)
    ]

    document = EncodedLabels(unit, labels).document()

    assert [document.instances[key] for key in keys] == [
        Instance(id=key, class_id=ClassId("car"), ordinal=n, source_id="x") for n, key in enumerate(keys)
    ]
    for frame, key in enumerate(keys):
        wanted = single_track(frame, pack([Box(frame, 2, 3, 4)]))
        assert document.tracks[key, unit].same(wanted)
        assert document.on_frame(unit, frame) == (key,)
    assert document.next_ordinal(ClassId("car")) == 2
