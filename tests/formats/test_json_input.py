from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.contract import CONTROL
from tests.support.data import shared_data
from tui_editor.errors import FormatError
from tui_editor.formats.json_input import decode, decode_any, read_bytes, read_ends

FILE = Path("evil\x1b[31m.json")


def complaint(data: bytes) -> str:
    try:
        decode_any(data, FILE)
    except FormatError as error:
        return str(error)
    return ""


@given(st.binary(max_size=60))
def test_any_bytes_are_decoded_or_refused_without_control_characters(data: bytes) -> None:
    assert not CONTROL.search(complaint(data))


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (b'{"a": 1,}', ":1:9"),
        (b'{\n "a": NaN}', ":2:7"),
        (b"[1, 2", ""),
        (b'["\xff"]', ""),
        (b"", ""),
    ],
)
def test_the_place_of_a_fault_is_told(data: bytes, where: str) -> None:
    with pytest.raises(FormatError) as caught:
        decode_any(data, Path("x.json"))
    assert caught.value.where == f"x.json{where}"


@pytest.mark.parametrize(
    ("kind", "data", "pointer"),
    [
        (dict[str, int], b'{"a": "x"}', "#/top/..."),
        (list[int], b'[1, "x"]', "#/top/1"),
        (list[list[int]], b"[[1, null]]", "#/top/0/1"),
        (int, b'"x"', "#/top"),
    ],
)
def test_another_structure_is_refused_with_its_pointer(kind: Any, data: bytes, pointer: str) -> None:
    with pytest.raises(FormatError) as caught:
        decode(data, kind, Path("x.json"), "/top")
    assert caught.value.where == f"x.json{pointer}"


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"\xef\xbb\xbf{}")
    assert read_bytes(tmp_path / "x") == b"{}"


@pytest.mark.parametrize("name", ["none", "", "bad\0name"])
def test_what_can_t_be_read_is_an_error_of_ours(tmp_path: Path, name: str) -> None:
    with pytest.raises(FormatError):
        read_bytes(tmp_path / name)
    assert read_ends(tmp_path / name) == (b"", b"")


@pytest.mark.parametrize("size", [0, 1, 5, 9, 10, 100])
def test_the_ends_of_a_file_don_t_overlap(tmp_path: Path, size: int) -> None:
    data = bytes(range(size))
    (tmp_path / "x").write_bytes(data)
    head, tail = read_ends(tmp_path / "x", 5)
    assert head == data[:5]
    assert tail == data[5:][-5:]


def test_the_suite_of_hostile_json_never_fails_otherwise() -> None:
    outcomes = {}
    for file in sorted(shared_data("adversarial", "json").iterdir()):
        try:
            decode_any(read_bytes(file), file)
            outcomes[file.name] = "read"
        except FormatError:
            outcomes[file.name] = "refused"
    assert {name for name, outcome in outcomes.items() if outcome == "read"} == {
        "i_number_double_huge_neg_exp.json",
        "i_number_real_underflow.json",
    }


def test_a_pipe_is_refused_without_waiting_for_its_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "labels.json")

    assert read_ends(tmp_path / "labels.json") == (b"", b"")
    with pytest.raises(FormatError, match="not a regular file"):
        read_bytes(tmp_path / "labels.json")


def test_a_device_that_never_ends_is_refused() -> None:
    with pytest.raises(FormatError, match="not a regular file"):
        read_bytes(Path("/dev/zero"))
