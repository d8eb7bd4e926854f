"""Keys that were bound anew: footer, help and messages tell them, and what is wrong is told when the editor starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.ui.projects import sitting
from tui_editor.commands.keymap import Bound, made_keymap
from tui_editor.commands.presets import keymap_for
from tui_editor.state.view import Mode

if TYPE_CHECKING:
    from pathlib import Path


async def test_footer_help_and_messages_tell_the_keys_that_are_bound(annotate: Path) -> None:
    layer = [
        Bound(Mode.BROWSE, keys, command, "x") for keys, command in (("f5", "app.help"), ("?", ""), ("B", "draw.box"))
    ]
    async with sitting(annotate, keymap=made_keymap([layer])) as desk:
        assert "B draw box" in desk.lines[-1]
        assert "? help" not in desk.text
        assert "F5 help" in desk.lines[0]
        await desk.press("v")
        assert "‹" not in desk.text
        await desk.press("?")
        assert "means nothing here: F5 shows the keys" in desk.editor.message
        await desk.press("f5")
        assert "Keys in browse mode" in desk.text


async def test_reasons_are_told_on_the_keys_that_give_them(review: Path) -> None:
    layer = [Bound(Mode.REASON, "f", "review.reason 1", "x"), Bound(Mode.REASON, "1", "", "x")]
    async with sitting(review, keymap=made_keymap([layer])) as desk:
        await desk.press("j", "x")
        first = desk.state.project.reasons[0]
        assert f"f {first}"[:8] in desk.text
        await desk.press("f")
        await desk.settle()
        assert len(desk.state.document.decisions) == 1


async def test_what_is_wrong_with_bindings_is_told_at_the_start(annotate: Path) -> None:
    layer = [
        Bound(Mode.BROWSE, "x", "nothing.such", "config.toml, line 3"),
        Bound(Mode.BROWSE, "", "app.help", "line 4"),
    ]
    async with sitting(annotate, keymap=made_keymap([layer])) as desk:
        assert "config.toml, line 3: there is no command nothing.such" in desk.editor.message
        assert "1 more" in desk.editor.message


async def test_a_preset_works_in_the_editor_and_the_queue(annotate: Path) -> None:
    async with sitting(annotate, task=None, keymap=keymap_for("cvat")) as desk:
        await desk.press("enter")
        await desk.settle()
        await desk.press("f", "f", "d")
        assert desk.state.view.frame == 1
        await desk.press("w", "c")
        assert desk.state.mode is Mode.ADJUST
