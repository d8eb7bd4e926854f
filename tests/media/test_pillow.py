"""Pillow as it is set up here: what the libraries below it print and open."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest

from tui_editor.errors import MediaCorrupt
from tui_editor.media.stills import read_still

if TYPE_CHECKING:
    from pathlib import Path

_SHORT, _LONG = 3, 4


def tiff_with_a_strip_beyond_its_end() -> bytes:
    """An 8×8 grey TIFF, packed bits, whose strip would begin behind the file: libtiff complains on its own."""
    tags = [(256, _SHORT, 8), (257, _SHORT, 8), (258, _SHORT, 8), (259, _SHORT, 32773), (262, _SHORT, 1)]
    tags += [(273, _LONG, 1 << 20), (277, _SHORT, 1), (278, _SHORT, 8), (279, _LONG, 64)]
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4)


def test_libtiff_prints_nothing_past_python(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.tif").write_bytes(tiff_with_a_strip_beyond_its_end())

    with pytest.raises(MediaCorrupt):
        read_still(tmp_path / "a.tif")

    assert capfd.readouterr() == ("", "")
