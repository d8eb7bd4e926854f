"""Key tables for the muscle memory of other editors, laid over the default."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from tui_editor.commands.keymap import (
    DEFAULT,
    GROUPS,
    Bound,
    Keymap,
    bound_in,
    default_keymap,
    made_keymap,
)
from tui_editor.commands.table import TABLE
from tui_editor.state.view import Mode
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tui_editor.api.config import KeysConfig


class Preset(NamedTuple):
    """A key table."""

    doc: str
    """Whose keys these are, and what was moved out of their way."""
    tables: Mapping[str, Mapping[str, str]]
    """By mode or group of modes: keys and the command's id with its argument."""
    moved: Mapping[Mode, Mapping[str, str]] = {}
    """By mode: a first key that the preset needs, and the one behind which its sequences go on."""


_CVAT: Final = Preset(
    "The shortcuts of CVAT's standard workspace. In review, `n` and Space keep their meaning.",
    {
        "loop": {
            "f": "frame.next",
            "d": "frame.previous",
            "v": "frame.forward",
            "c": "frame.back",
            "`": "frame.go",
            "tab": "object.next",
            "shift+tab": "object.previous",
            "r": "track.next_key",
            "e": "track.previous_key",
            "q": "object.occluded",
            "h": "view.hide_object",
            "t h": "view.labels",
            "shift+delete": "object.delete_all",
            "ctrl+z": "edit.undo",
            "ctrl+y": "edit.redo",
            "ctrl+shift+z": "edit.redo",
            "ctrl+s": "app.save",
            "ctrl+r": "view.rotate",
            "ctrl+c": "clip.copy",
            "ctrl+v": "clip.paste",
            "k": "track.key",
            "m": "track.merge",
            "alt+m": "track.split",
            "f1": "app.help",
            # what had these keys
            "M <any>": "mark.set",
            "g f": "object.answer",
            "g l": "object.class",
            "V": "object.select_more",
            "g e": "geometry.edit",
            "g r": "object.here",
            "g t": "view.tags",
            "g T": "turbo.start",
            "g F": "object.answer_range",
            "g V": "labels.visual",
            "g D <any>": "object.draw_listed",
            "g q": "app.back",
            "g n": "app.next_pane",
            "g N": "app.previous_pane",
        },
        "browse": {"n": "draw.again", "space": "frame.play", "g j": "review.next_undecided"},
    },
)
_LABELIMG: Final = Preset(
    "The hotkeys of labelImg's README and menus. What lies behind `w` otherwise lies behind `D` while annotating.",
    {
        "browse": {
            "w": "draw.box",
            "d": "frame.next",
            "a": "frame.previous",
            "space": "task.end",
            "shift+delete": "object.delete_all",
            "ctrl+s": "app.save",
            "ctrl+e": "object.class",
            "ctrl+a": "view.labels",
            "ctrl+f": "view.fit_frame",
            "ctrl+v": "clip.repeat_frame",
            "ctrl+q": "app.quit",
            # what had this key
            "g w": "diff.toggle",
        },
    },
    {Mode.BROWSE: {"w": "D"}},
)
_ENCORD: Final = Preset(
    "The shortcuts of Encord's label editor, as far as they are documented; each has a key without Ctrl as well.",
    {
        "loop": {
            "right": "frame.forward",
            "left": "frame.back",
            "ctrl+c": "clip.copy",
            "ctrl+v": "clip.paste",
            "ctrl+shift+v": "clip.paste_label",
            "ctrl+z": "edit.undo",
            "ctrl+n": "issue.new",
            "ctrl+shift+k": "app.help",
        },
        "browse": {"space": "frame.play"},
        "edit": {
            "a": "geometry.insert_vertex",
            "s": "geometry.remove_vertex",
            "J": "tool.brush",
            "G": "tool.eraser",
            "F": "polygon.touch_up",
            # what had these keys
            "X": "geometry.grow",
            "pagedown": "geometry.nudge_ten j",
            "O": "bitmask.flood",
        },
        "draw": {
            "F": "draw.with_brush",
            # what had this key
            "alt+f": "draw.follow_end",
        },
        "tool": {
            "J": "tool.brush",
            "G": "tool.eraser",
            # what had these keys
            "pagedown": "tool.move_ten j",
        },
        "review": {
            "n": "review.approve",
            "b": "review.reject",
            # what had these keys
            "g n": "review.next_undecided",
            "g N": "review.previous_undecided",
            "g l": "view.labels",
        },
        "queue": {"ctrl+n": "queue.next"},
    },
)
PRESETS: Final[Mapping[str, Preset]] = {
    DEFAULT: Preset("The keys of the table: every command on plain keys.", {}),
    "cvat": _CVAT,
    "labelimg": _LABELIMG,
    "encord": _ENCORD,
}


def preset_layer(name: str) -> Iterator[Bound]:
    """Yield what a preset binds."""
    preset = PRESETS[name]
    for mode, moves in preset.moved.items():
        for command in TABLE:
            for key in command.keys:
                first, _, rest = key.keys.partition(" ")
                if mode in key.modes and rest and first in moves:
                    yield Bound(mode, f"{moves[first]} {rest}", f"{command.id} {key.argument}".strip(), name)
    yield from bound_in(preset.tables, f"preset {name}")


def keymap_for(preset: str = "", said: KeysConfig | None = None) -> Keymap:
    """Return the keys of a preset with what the person binds over it.

    Args:
        preset: Asked for on the command line; empty: what the configuration says.
        said: The configuration's part on keys.
    """
    problems = list(said.problems) if said is not None else []
    name = preset or (said.preset if said is not None else "") or DEFAULT
    if name not in PRESETS:
        where = said.preset_where if said is not None and not preset else "--preset"
        problems.append(f"{where}: there is no preset {one_line(name)} (one of {', '.join(PRESETS)})")
        name = DEFAULT
    mine = list(_said(said, problems)) if said is not None else []
    if name == DEFAULT and not mine and not problems:
        return default_keymap()
    return made_keymap([list(preset_layer(name)), mine], name, problems)


def _said(said: KeysConfig, problems: list[str]) -> Iterator[Bound]:
    """Yield what the configuration binds, wider groups of modes first."""
    known = list(GROUPS)
    problems += [
        f"{entry.where}: there is no mode {one_line(entry.group)} (one of {', '.join(known)})"
        for entry in said.entries
        if entry.group not in GROUPS
    ]
    listed = sorted((e for e in said.entries if e.group in GROUPS), key=lambda e: known.index(e.group))
    for entry in listed:
        for mode in GROUPS[entry.group]:
            yield Bound(mode, entry.keys, entry.command, entry.where)
