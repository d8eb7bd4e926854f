"""Keys that people know: those of the review loop that the default promises, and those of other editors in presets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tui_editor.commands.presets import keymap_for, preset_layer
from tui_editor.commands.table import LINE_NAMES
from tui_editor.state.view import Mode

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOP = {
    "h": "frame.previous",
    "l": "frame.next",
    "left": "frame.previous",
    "right": "frame.next",
    "H": "frame.back",
    "L": "frame.forward",
    "[": "track.previous_key",
    "]": "track.next_key",
    "{": "issue.previous",
    "}": "issue.next",
    "(": "track.previous_event",
    ")": "track.next_event",
    "g g": "frame.first",
    "G": "frame.last",
    "home": "track.first",
    "end": "track.last",
    "p": "frame.play",
    "<": "frame.slower",
    ">": "frame.faster",
    "m <any>": "mark.set",
    "' <any>": "mark.go",
    "z": "view.fit_object",
    "Z": "view.fit_frame",
    "+": "view.zoom_in",
    "-": "view.zoom_out",
    "w h": "view.pan",
    "b": "view.labels",
    "B": "view.dim",
    "t": "view.tags",
    "c": "object.class",
    "f": "object.answer",
    "v": "object.select_more",
    "y y": "clip.copy",
    "P": "clip.paste",
    "r": "object.here",
    "R": "clip.repeat_frame",
    "delete": "object.delete",
    "d d": "object.delete",
    "g d": "track.cut",
    "s b": "draw.box",
    "s r": "draw.rotated_box",
    "s p": "draw.polygon",
    "s l": "draw.polyline",
    "s k": "draw.keypoint",
    "T k": "track.key",
    "T i": "auto.interpolate",
    "T s": "track.split",
    "T m": "track.merge",
    "T x": "track.swap",
    "T e": "track.extend",
    "T f": "track.fill",
    "T t": "auto.track",
    "I": "issue.pane",
    "i": "issue.new",
    "e": "geometry.edit",
    "j": "object.next",
    "k": "object.previous",
    "u": "edit.undo",
    "U": "edit.redo",
    "backspace": "edit.undo",
    "enter": "task.end",
    "?": "app.help",
    ":": "app.line",
    "/": "view.filter",
    "tab": "app.next_pane",
    "q": "app.back",
    "Q <any>": "macro.record",
    "& <any>": "macro.play",
}
REVIEW = {
    "a": "review.approve",
    "x": "review.reject",
    "space": "review.later",
    "n": "review.next_undecided",
    "N": "review.previous_undecided",
    ".": "review.repeat",
    "A": "review.approve_frame",
    "X": "review.reject_frame",
}
EDIT = {
    "tab": "geometry.next_handle",
    "shift+tab": "geometry.previous_handle",
    "h": "geometry.nudge",
    "right": "geometry.nudge",
    "H": "geometry.nudge_ten",
    "s": "geometry.grow",
    "S": "geometry.shrink",
    "r": "geometry.turn",
    "R": "geometry.turn_back",
    "I": "geometry.insert_vertex",
    "D": "geometry.remove_vertex",
    "=": "geometry.snap",
    "@": "geometry.place",
    "escape": "geometry.leave",
}
DRAW = {**dict.fromkeys("qweasdzxc", "draw.hint"), "enter": "draw.enter", "h": "draw.move", "backspace": "draw.back"}
ISSUES = {
    "j": "issue.next",
    "k": "issue.previous",
    "enter": "issue.jump",
    "r": "issue.reply",
    "x": "issue.toggle",
    "#": "issue.tags",
    "f": "issue.filter",
}
REFERENCE: dict[str, dict[Mode, dict[str, str]]] = {
    "default": {
        Mode.BROWSE: LOOP,
        Mode.REVIEW: {**LOOP, **REVIEW},
        Mode.EDIT: EDIT,
        Mode.DRAW: DRAW,
        Mode.ISSUES: ISSUES,
    },
    # what the web editor documents: hotkeys of its pages on copying, polygons, issues and navigation
    "encord": {
        Mode.BROWSE: {
            "ctrl+c": "clip.copy",
            "ctrl+v": "clip.paste",
            "ctrl+shift+v": "clip.paste_label",
            "ctrl+z": "edit.undo",
            "ctrl+n": "issue.new",
            "space": "frame.play",
        },
        Mode.EDIT: {
            "J": "tool.brush",
            "G": "tool.eraser",
            "F": "polygon.touch_up",
            "a": "geometry.insert_vertex",
            "s": "geometry.remove_vertex",
        },
        Mode.TOOL: {"J": "tool.brush", "G": "tool.eraser", "enter": "tool.end", "backspace": "tool.back"},
        Mode.DRAW: {"F": "draw.with_brush", "enter": "draw.enter", "backspace": "draw.back"},
        Mode.REVIEW: {"n": "review.approve", "b": "review.reject", "ctrl+n": "issue.new"},
    },
    "cvat": {
        Mode.BROWSE: {
            "f": "frame.next",
            "d": "frame.previous",
            "v": "frame.forward",
            "c": "frame.back",
            "tab": "object.next",
            "shift+tab": "object.previous",
            "n": "draw.again",
            "k": "track.key",
            "m": "track.merge",
            "q": "object.occluded",
            "ctrl+z": "edit.undo",
            "ctrl+s": "app.save",
        },
    },
    "labelimg": {
        Mode.BROWSE: {
            "w": "draw.box",
            "d": "frame.next",
            "a": "frame.previous",
            "space": "task.end",
            "ctrl+e": "object.class",
            "ctrl+s": "app.save",
        },
    },
}


def promised() -> Iterator[tuple[str, Mode, str, str]]:
    for preset, modes in REFERENCE.items():
        for mode, table in modes.items():
            yield from ((preset, mode, keys, command) for keys, command in table.items())


@pytest.mark.parametrize(("preset", "mode", "keys", "command"), promised())
def test_a_key_that_people_know_does_what_they_know(preset: str, mode: Mode, keys: str, command: str) -> None:
    found = keymap_for(preset)
    assert found.problems == ()
    leads = [c.id for c in found.commands for key in c.keys if mode in key.modes and key.keys == keys]
    assert leads == [command]


@pytest.mark.parametrize("preset", ["encord", "cvat", "labelimg"])
def test_what_a_preset_puts_on_ctrl_has_a_key_or_a_line_without_it(preset: str) -> None:
    keymap = keymap_for(preset)
    for bound in preset_layer(preset):
        command = keymap.command(bound.command.partition(" ")[0])
        if "ctrl+" in bound.keys and command is not None:
            others = [key.keys for key in command.keys if bound.mode in key.modes and "+" not in key.keys]
            assert others or command.id in LINE_NAMES.values() or bound.mode is Mode.QUEUE, bound
