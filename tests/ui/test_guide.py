"""The tour: offered once in a line, led by what is really pressed, left with Escape; it takes no key away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.ui.projects import Desk, sitting
from tui_editor.api.marks import load_marks
from tui_editor.commands.guide import STEPS
from tui_editor.commands.table import by_id

if TYPE_CHECKING:
    from pathlib import Path

WALK = ("j", "l", "z", "e", "l", "escape", "u")


async def look(desk: Desk) -> None:
    desk.app.desk.bell.look_now()
    await desk.settle()
    desk.app.desk.pulse()
    await desk.settle()


def test_each_step_is_a_command() -> None:
    assert {step.command for step in STEPS} <= set(by_id())


async def test_the_tour_goes_on_with_each_real_key_and_ends(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("g", "O")
        assert desk.screen.message.startswith("Tour 1/9: j goes to the next object")
        for number, key in enumerate(WALK, start=2):
            await desk.press(key)
            assert desk.screen.message.startswith(f"Tour {number}/9"), key
        await desk.press("g space", "escape", "question_mark", "escape")
        await desk.settle()
        assert desk.screen.message.startswith("that was the tour")
        await desk.press("j")
        assert desk.screen.message == ""


async def test_escape_ends_the_tour_at_any_step(annotate: Path) -> None:
    for steps in range(len(WALK)):
        if steps != WALK.index("escape"):  # there it is what the step asks for
            async with sitting(annotate) as desk:
                await desk.press("g", "O", *WALK[:steps], "escape")
                assert desk.app.desk.loop.guide is None
                await desk.press("l")
                assert desk.screen.message == ""


async def test_another_key_does_what_it_does_and_the_step_stays(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("g", "O", "l")
        assert desk.state.view.frame == 1
        assert desk.screen.message.startswith("Tour 1/9")
        await desk.press("g", "O")
        assert desk.screen.message.startswith("Tour 2/9")


async def test_from_the_queue_the_tour_leads_into_a_task(annotate: Path) -> None:
    async with sitting(annotate, task=None) as desk:
        await desk.press("g", "O")
        assert "opens the task under the cursor" in desk.screen.message
        await desk.press("enter")
        await desk.settle()
        assert desk.screen.message.startswith("Tour 1/9: j")


async def test_the_tour_is_offered_once_to_who_never_saw_it(annotate: Path) -> None:
    async with sitting(annotate, offers_guide=True) as desk:
        await look(desk)
        assert "New here? gO begins a tour of one minute" in desk.screen.message
    assert load_marks().tour
    async with sitting(annotate, offers_guide=True) as desk:
        await look(desk)
        assert desk.screen.message == ""


async def test_nothing_is_offered_where_no_person_sits_before_the_terminal(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await look(desk)
        assert desk.screen.message == ""
    assert not load_marks().tour


async def test_an_offer_waits_until_nothing_else_is_said_or_asked(annotate: Path) -> None:
    async with sitting(annotate, offers_guide=True) as desk:
        await desk.press("g space")
        await look(desk)
        assert desk.screen.message == ""
        await desk.press("escape")
        desk.app.desk.pulse()
        assert desk.screen.message.startswith("New here?")
