"""Picture settings, typed, toggled or adjusted. Nothing here changes the document; they are kept with the task."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_editor.commands.adjusting import ADJUSTED, begin, told
from tui_editor.commands.command import LOOP, Command, on
from tui_editor.errors import UsageError
from tui_editor.state.picture import PLAIN, Channel, with_setting
from tui_editor.state.view import Mode
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.commands.command import Key
    from tui_editor.commands.context import Context
    from tui_editor.state.picture import PictureSettings

GROUP = "Picture"
QUARTER_DEG = 90.0
_OFF = frozenset({"off", "none", "auto"})


def _put(context: Context, settings: PictureSettings) -> None:
    context.store.set_view(picture=settings)


def _numbers(text: str, count: int, hint: str) -> list[float]:
    """Return so many finite numbers from typed text.

    Raises:
        UsageError: it is something else.
    """
    words = text.replace(",", " ").split()
    try:
        numbers = [float(word) for word in words]
    except ValueError:
        numbers = []
    if len(numbers) != count or not all(map(math.isfinite, numbers)):
        wanted = "a number" if count == 1 else f"{count} numbers"
        raise UsageError(f"{one_line(text)} is not {wanted}", hint=hint)
    return numbers


def _level(name: str, context: Context) -> None:
    """Set a setting to the number that was typed; without one, adjust it by keys."""
    if not context.argument:
        begin(context, name)
        return
    (value,) = _numbers(context.argument, 1, ADJUSTED[name].hint)
    _put(context, with_setting(context.state.view.picture, name, value))
    told(context, name)


def _window(context: Context) -> None:
    text = context.argument.strip().casefold()
    if not text:
        begin(context, "window")
        return
    window = None
    if text not in _OFF:
        centre, width = _numbers(text, 2, ADJUSTED["window"].hint)
        if width <= 0:
            raise UsageError("the width of a window is above 0", hint=ADJUSTED["window"].hint)
        window = centre, width
    _put(context, replace(context.state.view.picture, window=window))
    told(context, "window")


def _turn_by(context: Context, degrees: float) -> None:
    settings = context.state.view.picture
    _put(context, with_setting(settings, "rotation_deg", settings.rotation_deg + degrees))
    told(context, "rotation_deg")


def _rotate(context: Context) -> None:
    typed = context.argument
    _turn_by(context, _numbers(typed, 1, "90 or -45")[0] if typed else QUARTER_DEG * (context.times % 4))


def _rotate_back(context: Context) -> None:
    _turn_by(context, -QUARTER_DEG * (context.times % 4))


def _channel(context: Context) -> None:
    settings, kinds = context.state.view.picture, list(Channel)
    typed = context.argument.casefold()
    if not typed:
        after = kinds[(kinds.index(settings.channel) + 1) % len(kinds)]
    elif typed in set(Channel):
        after = Channel(typed)
    else:
        raise UsageError(f"{one_line(typed)} is no channel", hint=", ".join(kinds))
    _put(context, replace(settings, channel=after))
    context.front.tell("all colours" if after is Channel.ALL else f"{after.value} alone, as grey")


def _pixelated(context: Context) -> None:
    settings = context.state.view.picture
    _put(context, replace(settings, pixelated=not settings.pixelated))
    context.front.tell("magnified pixels are smoothed" if settings.pixelated else "magnified pixels are sharp squares")


def _plain(context: Context) -> None:
    _put(context, PLAIN)
    context.front.tell("the picture as it is in the file")


def _keys(letter: str) -> tuple[Key, ...]:
    return on(f"w {letter}", *LOOP, Mode.EDIT)


def _setting(command_id: str, title: str, doc: str, keys: str, takes: str, run: Callable[[Context], None]) -> Command:
    return Command(id=command_id, title=title, doc=doc, run=run, keys=_keys(keys), takes=takes, group=GROUP)


_ADJUST = " Without a number it is adjusted by key: ‹adjust.keep› keeps it and ‹adjust.take_back› takes it back."

COMMANDS = (
    Command(
        id="view.rotate",
        title="Rotate by 90°",
        doc="Turns the view a quarter clockwise, or by the degrees that are typed. Labels and files stay as they are.",
        run=_rotate,
        keys=_keys("r"),
        takes="DEGREES",
        count="quarter turns",
        group=GROUP,
    ),
    Command(
        id="view.rotate_back",
        title="Rotate back by 90°",
        doc="Turns the view a quarter anticlockwise.",
        run=_rotate_back,
        keys=_keys("R"),
        count="quarter turns",
        group=GROUP,
    ),
    _setting(
        "view.angle",
        "Rotate to an angle",
        "Turns the view to so many degrees clockwise; hjkl then go along the nearest row or column of pixels."
        + _ADJUST,
        "a",
        "DEGREES",
        partial(_level, "rotation_deg"),
    ),
    _setting(
        "view.contrast",
        "Contrast",
        "Sets the contrast, 0 to 4; 1 is that of the file." + _ADJUST,
        "c",
        "NUMBER",
        partial(_level, "contrast"),
    ),
    _setting(
        "view.brightness",
        "Brightness",
        "Sets what is added to each level, -1 (all black) to 1 (all white)." + _ADJUST,
        "b",
        "NUMBER",
        partial(_level, "brightness"),
    ),
    _setting(
        "view.gamma",
        "Gamma",
        "Sets the gamma, 0.1 to 5: above 1 the shadows open, below 1 they close." + _ADJUST,
        "g",
        "NUMBER",
        partial(_level, "gamma"),
    ),
    _setting(
        "view.window",
        "Window and level",
        "Shows pixel values of a window from black to white, whatever the file says; `off` goes by the file again."
        " Without numbers, left and right make it narrower or wider, up and down move it.",
        "w",
        "CENTRE WIDTH|off",
        _window,
    ),
    _setting(
        "view.channel",
        "Channels",
        "Goes through: all colours, red, green or blue alone as grey, all as grey.",
        "y",
        "|".join(Channel),
        _channel,
    ),
    _setting(
        "view.pixelated",
        "Pixelated scaling",
        "Shows magnified pixels as sharp squares, or smooth again.",
        "p",
        "",
        _pixelated,
    ),
    _setting(
        "view.plain",
        "Reset the picture",
        "Shows the picture as it is in the file: every picture setting goes back, the rotation as well.",
        "0",
        "",
        _plain,
    ),
)
