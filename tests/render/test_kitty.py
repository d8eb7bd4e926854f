from __future__ import annotations

import base64
import io
import re
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from tui_editor.render import kitty
from tui_editor.render.diacritics import DIACRITICS
from tui_editor.render.png import encode_png
from tui_editor.render.rects import Rect

_COMMAND = re.compile(rb"\x1b_G([^;\x1b]*)(?:;([^\x1b]*))?\x1b\\")


def parsed(data: bytes) -> list[tuple[dict[str, str], bytes]]:
    """Return (control data, payload) of each command; every byte belongs to one."""
    assert data == b"".join(match[0] for match in _COMMAND.finditer(data))
    return [
        (dict(item.split("=", 1) for item in match[1].decode().split(",")), match[2] or b"")
        for match in _COMMAND.finditer(data)
    ]


def payload(data: bytes) -> bytes:
    return base64.b64decode(b"".join(chunk for _, chunk in parsed(data)), validate=True)


@given(st.binary(max_size=20_000))
def test_the_payload_comes_back_from_chunks_that_are_short_enough(data: bytes) -> None:
    commands = parsed(kitty.command({"a": "t", "i": 7}, data))
    assert all(len(chunk) <= 4096 and len(chunk) % 4 == 0 for _, chunk in commands)
    assert data == base64.b64decode(b"".join(chunk for _, chunk in commands))
    if len(commands) > 1:
        assert ["1"] * (len(commands) - 1) + ["0"] == [keys["m"] for keys, _ in commands]


@given(st.binary(max_size=10_000))
def test_no_command_lets_the_terminal_answer(data: bytes) -> None:
    assert {"2"} == {keys["q"] for keys, _ in parsed(kitty.command({"a": "t"}, data))}


@given(hnp.arrays(np.uint8, st.tuples(st.integers(1, 60), st.integers(1, 60), st.sampled_from([3, 4]))))
def test_raw_pixels_come_back_with_the_size_that_is_told(pixels: Any) -> None:
    sent = kitty.transmit_pixels(9, pixels)
    keys = parsed(sent)[0][0]
    raw = np.frombuffer(zlib.decompress(payload(sent)), np.uint8)
    np.testing.assert_array_equal(pixels, raw.reshape(int(keys["v"]), int(keys["s"]), int(keys["f"]) // 8))


def test_a_png_that_is_shown_decodes_to_its_pixels() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (90, 120, 3), np.uint8)
    sent = kitty.show_png(5, encode_png(pixels))
    np.testing.assert_array_equal(pixels, np.asarray(Image.open(io.BytesIO(payload(sent)))))
    expected = {"a": "T", "f": "100", "i": "5", "p": "1", "C": "1", "z": "-1073741827", "q": "2", "m": "1"}
    assert expected == parsed(sent)[0][0]


def test_a_placement_tells_its_part_offset_and_size() -> None:
    placement = kitty.Placement(
        placement_id=3, z=kitty.LABEL_Z, offset_px=(5, 7), source=Rect(10, 20, 40, 60), columns=12, rows=9
    )
    (keys, data), *others = parsed(kitty.place(8, placement))
    assert not others
    assert data == b""
    assert keys.items() >= {"x": "10", "y": "20", "w": "30", "h": "40", "X": "5", "Y": "7", "c": "12", "r": "9"}.items()
    assert keys.items() >= {"a": "p", "i": "8", "p": "3", "z": "-1073741825", "C": "1"}.items()


def test_moving_is_a_cursor_position_and_a_placement_with_the_same_ids() -> None:
    assert b"\x1b[5;8H" + kitty.place(8) == kitty.move(8, 4, 7)
    assert len(kitty.move(8, 4, 7)) < 60


def test_deleting_images_frees_each_by_its_id() -> None:
    commands = [keys for keys, _ in parsed(kitty.delete_images([3, 4]))]
    assert commands == [{"a": "d", "d": "I", "i": "3", "q": "2"}, {"a": "d", "d": "I", "i": "4", "q": "2"}]


def test_an_image_is_emptied_without_a_command_that_could_free_others() -> None:
    (gone, _), (nothing, data) = parsed(kitty.replace_by_nothing(3))
    assert gone == {"a": "d", "d": "i", "i": "3", "q": "2"}
    assert (nothing, data) == ({"a": "t", "f": "32", "s": "1", "v": "1", "i": "3", "q": "2"}, b"AAAAAA==")


def test_deleting_a_placement_keeps_the_pixels() -> None:
    assert parsed(kitty.delete_placement(3, 2)) == [({"a": "d", "d": "i", "i": "3", "p": "2", "q": "2"}, b"")]


@given(st.tuples(*[st.tuples(st.integers(1, 4095), st.integers(0, 15), st.integers(0, 255))] * 2))
def test_image_ids_are_different_and_fit_placeholders(names: tuple[tuple[int, int, int], ...]) -> None:
    a, b = (kitty.image_id(*name) for name in names)
    assert 0 < min(a, b) <= max(a, b) < 1 << 24
    assert (names[0] == names[1]) == (a == b)


@pytest.mark.parametrize("name", [(4096, 0, 0), (1, 16, 0), (1, 0, 256), (0, 0, 0)])
def test_an_image_id_out_of_range_is_refused(name: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="out of its range"):
        kitty.image_id(*name)


def test_tmux_gets_each_command_in_an_envelope_with_doubled_escapes() -> None:
    data = kitty.transmit_png(1, bytes(5000))
    envelopes = re.findall(rb"\x1bPtmux;((?:\x1b\x1b|[^\x1b])*)\x1b\\", kitty.tmux_wrap(data))
    assert len(parsed(data)) == len(envelopes)
    assert data == b"".join(envelopes).replace(b"\x1b\x1b", b"\x1b")


def test_each_row_of_placeholders_names_its_row_and_carries_the_id_as_its_colour() -> None:
    rows = kitty.placeholder_rows(0x123456, 4, 3)
    assert [DIACRITICS[0], DIACRITICS[1], DIACRITICS[2]] == [row[row.index("\U0010eeee") + 1] for row in rows]
    assert all(row.startswith("\x1b[38;2;18;52;86m") and row.count("\U0010eeee") == 4 for row in rows)


@pytest.mark.parametrize(("image", "columns", "rows"), [(1 << 24, 2, 2), (0, 2, 2), (1, 298, 2), (1, 2, 298)])
def test_placeholders_that_can_not_be_named_are_refused(image: int, columns: int, rows: int) -> None:
    with pytest.raises(ValueError, match="at most 297"):
        kitty.placeholder_rows(image, columns, rows)


def test_there_are_as_many_diacritics_as_the_protocol_lists() -> None:
    assert (len(DIACRITICS), DIACRITICS[0], DIACRITICS[-1]) == (297, "\u0305", "\U0001d244")


def test_frames_lie_below_labels_and_both_below_cells_with_a_background() -> None:
    assert kitty.FRAME_Z < kitty.LABEL_Z < -(2**30)


def test_placeholders_refer_to_a_virtual_placement_of_their_size() -> None:
    expected = {"a": "p", "U": "1", "i": "9", "c": "80", "r": "24", "q": "2"}
    assert [(expected, b"")] == parsed(kitty.place_for_placeholders(9, 80, 24))


def test_raw_pixels_can_be_shown_where_the_cursor_is() -> None:
    pixels = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    sent = kitty.show_pixels(7, pixels, kitty.Placement(z=kitty.LABEL_Z))
    assert parsed(sent)[0][0].items() >= {"a": "T", "f": "32", "s": "3", "v": "2", "z": "-1073741825", "C": "1"}.items()
    assert pixels.tobytes() == zlib.decompress(payload(sent))
