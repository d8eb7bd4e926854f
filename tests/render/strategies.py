"""Marks of every kind, at random, on and around a small canvas."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from tests.support.strategies import made
from tui_editor.render.marks import (
    BoxMark,
    CrosshairMark,
    GridMark,
    HandleMark,
    MaskMark,
    PinMark,
    PointMark,
    PolygonMark,
    PolylineMark,
    SkeletonMark,
    Style,
    TagMark,
)
from tui_editor.render.viewport import Viewport

SIZE = (160, 120)

styles = made(
    Style,
    colour=st.tuples(*[st.integers(0, 255)] * 3),
    thickness=st.integers(1, 4),
    dashed=st.booleans(),
    fill_alpha=st.sampled_from([0.0, 0.2, 0.7]),
    dimmed=st.booleans(),
    selected=st.booleans(),
)
coordinate = st.floats(-60, 220)
points = st.tuples(coordinate, coordinate)
boxes = st.tuples(coordinate, coordinate, st.floats(0, 120), st.floats(0, 120))
paths = st.lists(points, min_size=3, max_size=6).map(np.array)
marks = st.one_of(
    made(BoxMark, boxes, styles),
    made(PolygonMark, paths.map(lambda path: (path,)), styles),
    made(PolylineMark, paths, styles),
    made(PointMark, points, styles),
    made(
        SkeletonMark,
        st.lists(points, min_size=3, max_size=3).map(np.array),
        st.just(((0, 1), (1, 2))),
        st.lists(st.integers(0, 3), min_size=3, max_size=3).map(lambda v: np.array(v, np.uint8)),
        styles,
    ),
    made(MaskMark, st.just(np.eye(20, 30, dtype=np.bool_)), st.integers(-20, 170), st.integers(-20, 130), styles),
    made(HandleMark, points, styles, st.booleans()),
    made(CrosshairMark, points, styles),
    made(PinMark, points, st.just("7"), styles),
    made(GridMark, boxes, styles),
    made(TagMark, boxes, st.text(max_size=20), styles),
)
viewports = made(
    Viewport,
    centre_px=st.tuples(st.floats(0, 160), st.floats(0, 120)),
    scale=st.floats(0.05, 64),
    canvas_size=st.just(SIZE),
    rotation_deg=st.sampled_from([0.0, 0.0, 90.0, 180.0, 270.0]) | st.floats(0, 360),
)
