"""Adjust a picture setting by keys while looking at it: step, keep, take back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from tui_editor.commands.command import Command, on
from tui_editor.commands.moving import DIRECTIONS, direction
from tui_editor.errors import Refused
from tui_editor.state.picture import PLAIN, with_setting
from tui_editor.state.tool import AdjustTool
from tui_editor.state.view import Mode

if TYPE_CHECKING:
    from tui_editor.commands.context import Context
    from tui_editor.state.picture import PictureSettings

GROUP = "Adjusting"
BIG_STEP = 10
MOST_STEPS = 1000
"""More steps go no further."""
WIDER = 1.1
"""Factor of a window's width for one step."""
MOVE_PART = 0.05
"""Part of a window's width by which one step moves it."""
NARROWEST, WIDEST = 1e-6, 1e9
_SAVED_DIGITS = 5


class Adjusted(Struct, frozen=True, kw_only=True):
    """A setting that keys adjust."""

    name: str
    """What people call it."""
    step: float
    hint: str
    """How its value is typed."""


ADJUSTED = {
    "contrast": Adjusted(name="contrast", step=0.1, hint="1.3"),
    "brightness": Adjusted(name="brightness", step=0.05, hint="0.2 or -0.2"),
    "gamma": Adjusted(name="gamma", step=0.1, hint="1.5"),
    "rotation_deg": Adjusted(name="angle", step=1.0, hint="30"),
    "window": Adjusted(name="window", step=1.0, hint="40 400: centre, width; or off"),
}
"""The settings in the order in which Tab goes through them, by their names in `PictureSettings`."""


def setting_text(settings: PictureSettings, name: str) -> str:
    """Return a setting's value as people read it; of the window `as in the file` when there is none."""
    if name == "window":
        return f"{settings.window[0]:g} ± {settings.window[1] / 2:g}" if settings.window else "as in the file"
    value = getattr(settings, name)
    return f"{value:g}°" if name == "rotation_deg" else f"{value:g}"


def told(context: Context, name: str) -> None:
    """Tell the value of a setting."""
    context.front.tell(f"{ADJUSTED[name].name} {setting_text(context.state.view.picture, name)}")


def begin(context: Context, name: str) -> None:
    """Adjust a setting by keys from now on, until it is kept or taken back."""
    state = context.state
    tool = state.tool
    after = (
        replace(tool, setting=name)
        if isinstance(tool, AdjustTool)
        else AdjustTool(setting=name, before=state.view.picture, mode=state.mode, tool=tool)
    )
    context.store.set(mode=Mode.ADJUST, tool=after)
    told(context, name)


def _tool(context: Context) -> AdjustTool:
    tool = context.state.tool
    if not isinstance(tool, AdjustTool):
        raise Refused("no picture setting is being adjusted", hint="‹app.toolbar› shows those that there are")
    return tool


def _step(context: Context, by: int) -> None:
    tool = _tool(context)
    dx, dy = direction(context.argument or "l")
    steps = min(by * context.times, MOST_STEPS)
    settings = context.state.view.picture
    if tool.setting == "window":
        after = _window_stepped(context, settings, dx * steps, -dy * steps)
    else:
        value = getattr(settings, tool.setting) + ADJUSTED[tool.setting].step * (dx - dy) * steps
        after = with_setting(settings, tool.setting, value)
    context.store.set_view(picture=after)
    told(context, tool.setting)


def _window_stepped(context: Context, settings: PictureSettings, wider: int, up: int) -> PictureSettings:
    centre, width = settings.window or context.front.shown_window()
    after = min(max(width * WIDER ** max(min(wider, 200), -200), NARROWEST), WIDEST)
    moved = centre + up * MOVE_PART * width
    return replace(settings, window=(_rounded(moved), _rounded(after)))


def _rounded(value: float) -> float:
    return float(f"{value:.{_SAVED_DIGITS}g}")


def _leave(context: Context, settings: PictureSettings) -> None:
    tool = _tool(context)
    context.store.set_view(picture=settings)
    context.store.set(mode=tool.mode, tool=tool.tool)


def _keep(context: Context) -> None:
    name = _tool(context).setting
    _leave(context, context.state.view.picture)
    told(context, name)


def _take_back(context: Context) -> None:
    name = _tool(context).setting
    _leave(context, _tool(context).before)
    told(context, name)


def _default(context: Context) -> None:
    name = _tool(context).setting
    context.store.set_view(picture=replace(context.state.view.picture, **{name: getattr(PLAIN, name)}))
    told(context, name)


def _turn(by: int, context: Context) -> None:
    names = list(ADJUSTED)
    begin(context, names[(names.index(_tool(context).setting) + by * context.times) % len(names)])


_LESS, _MORE = "-", "+, ="

COMMANDS = (
    Command(
        id="adjust.step",
        title="Adjust",
        doc="Right and up give more, left and down less. Left and right change a window's width, up and down move it.",
        run=partial(_step, by=1),
        keys=tuple(k for d in DIRECTIONS for k in on(d, Mode.ADJUST, argument=d))
        + on(_LESS, Mode.ADJUST, argument="h")
        + on(_MORE, Mode.ADJUST, argument="l"),
        hint="adjust",
        count="steps",
        takes="h|j|k|l",
        group=GROUP,
    ),
    Command(
        id="adjust.step_ten",
        title="Adjust by ten steps",
        doc="Goes ten steps at once.",
        run=partial(_step, by=BIG_STEP),
        keys=tuple(k for d in "hjkl" for k in on(d.upper(), Mode.ADJUST, argument=d)),
        count="tens of steps",
        takes="h|j|k|l",
        group=GROUP,
    ),
    Command(
        id="adjust.keep",
        title="Keep the setting",
        doc="Keeps what was adjusted, with the task, and goes back.",
        run=_keep,
        keys=on("enter", Mode.ADJUST),
        hint="keep",
        group=GROUP,
    ),
    Command(
        id="adjust.take_back",
        title="Take the setting back",
        doc="Brings back the picture settings from before the adjusting.",
        run=_take_back,
        keys=on("escape, q", Mode.ADJUST),
        hint="take back",
        group=GROUP,
    ),
    Command(
        id="adjust.default",
        title="Default of the setting",
        doc="Sets what is being adjusted back to its default, and goes on adjusting.",
        run=_default,
        keys=on("backspace", Mode.ADJUST),
        hint="default",
        group=GROUP,
    ),
    Command(
        id="adjust.next",
        title="Next setting",
        doc="Goes on to adjust the next setting: contrast, brightness, gamma, angle, window.",
        run=partial(_turn, 1),
        keys=on("tab", Mode.ADJUST),
        hint="next",
        group=GROUP,
    ),
    Command(
        id="adjust.previous",
        title="Previous setting",
        doc="Goes back to adjust the previous setting.",
        run=partial(_turn, -1),
        keys=on("shift+tab", Mode.ADJUST),
        group=GROUP,
    ),
)
