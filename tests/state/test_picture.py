from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_editor.state.picture import (
    PLAIN,
    Channel,
    PictureSettings,
    settings_from_mapping,
    settings_to_mapping,
    with_setting,
)

levels = st.floats(0.1, 1.0).map(lambda value: round(value, 4))
settings = st.builds(
    PictureSettings,
    channel=st.sampled_from(Channel),
    window=st.none() | st.tuples(st.floats(-1e4, 1e4), st.floats(0.5, 1e4)),
    contrast=levels,
    brightness=levels,
    gamma=levels,
    pixelated=st.booleans(),
    rotation_deg=st.integers(0, 359).map(float),
)


@given(settings)
def test_settings_come_back_from_what_the_store_keeps(picture: PictureSettings) -> None:
    assert picture == settings_from_mapping(settings_to_mapping(picture))


def test_plain_settings_take_no_room_in_the_store() -> None:
    assert settings_to_mapping(PLAIN) == {}


@pytest.mark.parametrize(
    "saved",
    [
        {"contrast": "high", "gamma": None, "rotation_deg": float("nan"), "brightness": float("inf")},
        {"channel": "infrared", "pixelated": 1},
        {"window": [40]},
        {"window": [40, 0]},
        {"window": ["a", "b"]},
        {"window": 7},
        {"sharpness": 3},
    ],
)
def test_what_a_later_version_may_have_written_is_left_plain(saved: dict[str, Any]) -> None:
    assert settings_from_mapping(saved) == PLAIN


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("contrast", 9, 4),
        ("contrast", -1, 0),
        ("brightness", 2, 1),
        ("gamma", 0, 0.1),
        ("rotation_deg", 370, 10),
        ("rotation_deg", -90, 270),
        ("rotation_deg", 360, 0),
        ("rotation_deg", -1e-20, 0),
        ("rotation_deg", 359.99999, 0),
        ("contrast", 0.1 + 0.2, 0.3),
    ],
)
def test_a_setting_stays_within_its_limits_and_an_angle_within_one_turn(
    name: str, value: float, expected: float
) -> None:
    assert getattr(with_setting(PLAIN, name, value), name) == expected


@pytest.mark.parametrize(
    ("angle", "turns"), [(0, 0), (44, 0), (45, 1), (90, 1), (134.9, 1), (200, 2), (270, 3), (315, 0), (359, 0)]
)
def test_keys_with_a_direction_go_by_the_nearest_quarter_turn(angle: float, turns: int) -> None:
    assert PictureSettings(rotation_deg=angle).quarter_turns == turns
