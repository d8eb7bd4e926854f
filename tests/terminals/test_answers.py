"""What the stand-in terminals reply."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.terminals.answers import KITTY, PLAIN, SIXEL, Answerer, Geometry, TerminalKind


def replies(kind: TerminalKind, *chunks: bytes) -> bytes:
    answerer = Answerer(kind=kind, geometry=Geometry(columns=100, rows=30, cell_px=(8, 16)))
    return b"".join(answerer.feed(chunk) for chunk in chunks)


@pytest.mark.parametrize(
    ("kind", "query", "reply"),
    [
        (KITTY, b"\x1b[c", b"\x1b[?62c"),
        (SIXEL, b"\x1b[0c", b"\x1b[?62;4;22c"),
        (KITTY, b"\x1b[>q", b"\x1bP>|kitty(0.40.0)\x1b\\"),
        (PLAIN, b"\x1b[>0q", b""),
        (KITTY, b"\x1b[14t", b"\x1b[4;480;800t"),
        (KITTY, b"\x1b[16t", b"\x1b[6;16;8t"),
        (SIXEL, b"\x1b[16t", b""),
        (KITTY, b"\x1b[?2026$p", b"\x1b[?2026;2$y"),
        (SIXEL, b"\x1b[?2048$p", b"\x1b[?2048;0$y"),
        (PLAIN, b"\x1b[?2026$p", b""),
        (KITTY, b"\x1b[?1016h\x1b[?1016$p", b"\x1b[?1016;1$y"),
        (SIXEL, b"\x1b[?2;1;0S", b"\x1b[?2;0;2000;2000S"),
        (KITTY, b"\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\", b"\x1b_Gi=31;OK\x1b\\"),
        (SIXEL, b"\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\", b""),
        (KITTY, b"\x1b[6n", b"\x1b[1;1R"),
        (KITTY, b"\x1b]11;?\x07", b"\x1b]11;rgb:0000/0000/0000\x1b\\"),
    ],
)
def test_each_query_has_the_reply_of_its_kind_of_terminal(kind: TerminalKind, query: bytes, reply: bytes) -> None:
    assert reply == replies(kind, query)


def test_an_upload_in_chunks_is_answered_once_by_the_name_in_its_first_chunk() -> None:
    upload = b"\x1b_Ga=T,i=7,m=1;AAAA\x1b\\\x1b_Gm=1;BBBB\x1b\\\x1b_Gm=0;CC==\x1b\\"

    assert replies(KITTY, upload) == b"\x1b_Gi=7;OK\x1b\\"


def test_a_quiet_upload_is_not_answered() -> None:
    assert replies(KITTY, b"\x1b_Ga=T,i=7,q=2;AAAA\x1b\\") == b""


QUERIES = b"text\x1b[c\x1b_Gi=3,a=q;AA==\x1b\\more\x1b[?2026$p\x1b]10;?\x1b\\\x1b[16t"


@given(st.lists(st.integers(0, len(QUERIES)), max_size=6))
def test_where_the_stream_is_cut_does_not_change_the_replies(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(QUERIES)]
    chunks = [QUERIES[start:end] for start, end in pairwise(edges)]

    assert replies(KITTY, *chunks) == replies(KITTY, QUERIES)


def test_the_size_is_told_in_band_only_while_mode_2048_is_set() -> None:
    answerer = Answerer(kind=KITTY, geometry=Geometry(columns=80, rows=24, cell_px=(10, 20)))
    assert answerer.in_band_size() == b""

    answerer.feed(b"\x1b[?2048h")
    assert answerer.in_band_size() == b"\x1b[48;24;80;480;800t"

    answerer.feed(b"\x1b[?2048l")
    assert answerer.in_band_size() == b""
