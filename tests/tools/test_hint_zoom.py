from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_editor.render.marks import HINT_LETTERS
from tui_editor.render.viewport import Viewport
from tui_editor.tools.hint_zoom import KEYS, center, letters, zoomed

WINDOW = (0.0, 0.0, 90.0, 60.0)


def test_upright_the_keys_lie_in_the_image_as_on_the_keyboard() -> None:
    assert letters() == KEYS == HINT_LETTERS


def test_four_quarter_turns_are_none() -> None:
    assert letters(4) == letters(0)


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("key", KEYS)
def test_each_key_lies_on_the_screen_where_it_lies_on_the_keyboard(turns: int, key: str) -> None:
    viewport = Viewport(centre_px=(45, 30), scale=1, canvas_size=(90, 90), rotation_deg=90 * turns)
    x, y = viewport.to_screen(center(zoomed(WINDOW, key, turns))).tolist()
    row, column = divmod(KEYS.index(key), 3)
    width, height = (60, 90) if turns % 2 else (90, 60)
    assert (x, y) == pytest.approx((45 + (column - 1) * width / 3, 45 + (row - 1) * height / 3))


@given(st.integers(0, 7), st.sampled_from(KEYS))
def test_the_letter_that_is_drawn_in_a_ninth_is_the_key_that_leads_there(turns: int, key: str) -> None:
    row, column = divmod(letters(turns).index(key), 3)
    assert zoomed(WINDOW, key, turns) == (column * 30, row * 20, 30, 20)


def test_what_is_no_hint_key_leads_nowhere() -> None:
    with pytest.raises(ValueError, match="substring"):
        zoomed(WINDOW, "p", 1)
