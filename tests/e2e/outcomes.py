"""What becomes of each file of the adversarial kit, decided by reading it.

A file *opens*; opens with a *warning*, which the checks tell; or is *refused* with exit code 3, and nothing is kept.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Outcome(StrEnum):
    """How a file ends."""

    OPENS = "opens"
    WARNS = "opens with a warning"
    REFUSED = "refused"


class Row(NamedTuple):
    """A file's outcome, whether `render` writes its first frame, and what `check --pixels` finds."""

    outcome: Outcome
    picture: bool
    why: str
    found: tuple[tuple[str, int | None], ...] = ()
    """Rules and frames, in the order in which they are told."""


_SHOWN = Row(Outcome.OPENS, picture=True, why="whole")
_DAMAGED = (("M07", 0),)
_LOST = (("M01", 0),)
_TIFF = Row(Outcome.WARNS, picture=False, why="a good header; the strip lies outside of the file: a card", found=_LOST)


def _partly(why: str, found: tuple[tuple[str, int | None], ...] = _DAMAGED) -> Row:
    return Row(Outcome.WARNS, picture=True, why=why, found=found)


def _refused(why: str) -> Row:
    return Row(Outcome.REFUSED, picture=False, why=why, found=(("S01", None),))


MEDIA = {
    "bad_huffman.jpg": _partly("260 bytes too many before the end; the picture is whole"),
    "badwidth.bmp": _refused("the header says a width of billions"),
    "broken.png": _refused("the first chunk is not IHDR"),
    "broken_data_stream.png": _partly("the data stream breaks off; decoded up to there"),
    "chunk_no_fdat.png": _partly("the first picture is whole, the two others have no data", (("M01", 1), ("M01", 2))),
    "corrupt.jpg": _partly("a marker that does not exist; decoded up to there"),
    "corrupted.mp4": _partly("frame 30 can't be decoded, frame 32 is damaged", (("M01", 30), ("M07", 32))),
    "crash-0c7e0e8e11ce787078f00b5b0ca409a167f070e0.tif": _TIFF,
    "crash-0e16d3bfb83be87356d026d66919deaefca44dac.tif": _TIFF,
    "crash-1152ec2d1a1a71395b6f2ce6721c38924d025bf3.tif": _TIFF,
    "decompression_bomb.gif": _refused("65535×65535 pixels in 44 bytes"),
    "decompression_bomb.ico": _refused("a picture of more pixels than any camera has"),
    "decompression_bomb_extents.gif": _partly("the second picture reaches to 65535×65535", (("M01", 1),)),
    "discard_first_keyframe.mp4": _partly("an edit list hides the first five pictures", (("M07", None),)),
    "frame_exceeds_screen.gif": _SHOWN,
    "heapbof.png": _refused("seven bytes that are no picture"),
    "hopper_bad_exif.jpg": _partly("bytes too many in the middle; the EXIF can't be read"),
    "reallybig.bmp": _refused("billions of pixels in 24 kB"),
    "sigsegv.png": Row(Outcome.WARNS, picture=False, why="a good header, nothing behind it decodes", found=_LOST),
    "syntax_num_frames_invalid.png": _SHOWN._replace(why="the animation's count is nonsense; the picture is whole"),
    "truncated_image.png": _partly("cut off in the middle"),
    "truncated_jpeg.jpg": _partly("cut off in the middle"),
    "unordered.mov": _partly("packets out of order; shown in presentation order: frames of one colour", (("M08", 0),)),
    "video_90.mov": _SHOWN._replace(why="turned by 90°"),
}
_NO_LABELS = _refused("JSON, but neither COCO nor Encord")
_BROKEN = _refused("not JSON")
JSON = {
    "i_number_double_huge_neg_exp.json": _NO_LABELS,
    "i_number_real_underflow.json": _NO_LABELS,
    "i_string_1st_valid_surrogate_2nd_invalid.json": _BROKEN,
    "i_string_incomplete_surrogates_escape_valid.json": _BROKEN,
    "i_string_lone_second_surrogate.json": _BROKEN,
    "i_string_truncated-utf-8.json": _BROKEN,
    "n_array_a_invalid_utf8.json": _BROKEN,
    "n_array_extra_close.json": _BROKEN,
    "n_array_items_separated_by_semicolon.json": _BROKEN,
    "n_array_number_and_several_commas.json": _BROKEN,
    "n_array_unclosed_with_object_inside.json": _BROKEN,
    "n_number_+1.json": _BROKEN,
    "n_number_.-1.json": _BROKEN,
    "n_number_0_capital_E+.json": _BROKEN,
    "n_number_1.0e.json": _BROKEN,
    "n_number_9.e+.json": _BROKEN,
    "n_number_hex_2_digits.json": _BROKEN,
    "n_number_invalid-utf-8-in-int.json": _BROKEN,
    "n_number_neg_with_garbage_at_end.json": _BROKEN,
    "n_number_with_alpha_char.json": _BROKEN,
    "n_object_emoji.json": _BROKEN,
    "n_object_missing_semicolon.json": _BROKEN,
    "n_object_several_trailing_commas.json": _BROKEN,
    "n_object_trailing_comment_slash_open_incomplete.json": _BROKEN,
    "n_single_space.json": _BROKEN,
    "n_string_backslash_00.json": _BROKEN,
    "n_string_incomplete_escaped_character.json": _BROKEN,
    "n_string_invalid_utf8_after_escape.json": _BROKEN,
    "n_string_start_escape_unclosed.json": _BROKEN,
    "n_structure_100000_opening_arrays.json": _BROKEN,
    "n_structure_array_with_extra_array_close.json": _BROKEN,
    "n_structure_double_array.json": _BROKEN,
    "n_structure_null-byte-outside-string.json": _BROKEN,
    "n_structure_open_array_apostrophe.json": _BROKEN,
    "n_structure_open_object.json": _BROKEN,
    "n_structure_open_open.json": _BROKEN,
    "n_structure_unclosed_array_partial_null.json": _BROKEN,
    "n_structure_whitespace_formfeed.json": _BROKEN,
}
XML = {
    "cyclic.xml": _refused("entities that name each other; no format of ours is XML"),
    "external.xml": _refused("an entity from outside; no format of ours is XML"),
    "xmlbomb.xml": _refused("entities that multiply; no format of ours is XML"),
}
TABLE: dict[str, Row] = {
    **MEDIA,
    **{f"json/{name}": row for name, row in JSON.items()},
    **{f"xml/{name}": row for name, row in XML.items()},
}
"""Path below the kit → what becomes of it."""
