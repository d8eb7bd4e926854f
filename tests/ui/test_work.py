"""Long pieces of work: the event loop goes on, keys wait for them, Escape stops them; what is pasted presses no key."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual import events
from textual.widgets import Input

from tests.ui.projects import sitting, wait_for
from tui_editor.commands.steps import Step
from tui_editor.errors import Refused
from tui_editor.model.ids import InstanceId
from tui_editor.model.patch import InstanceChange, Patch
from tui_editor.ui.dialogs.base import Dialog

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


async def test_keys_wait_for_the_work_that_the_one_before_began(annotate: Path) -> None:
    seen: list[int] = []

    async with sitting(annotate) as desk:

        def steps() -> Iterator[None]:
            for _ in range(200):
                seen.append(desk.state.view.frame)
                yield

        desk.editor.go_through(steps(), lambda: desk.editor.tell("done"))
        await desk.press("l")
        assert set(seen) == {0}
        assert len(seen) == 200
        assert desk.state.view.frame == 1


async def test_the_loop_goes_on_while_work_is_done(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        turns: list[int] = []
        left = iter(range(10**9))

        def steps() -> Iterator[None]:
            while len(turns) < 5:  # ends only when others have had their turns
                next(left)
                yield

        def turn() -> None:
            turns.append(next(left))
            if len(turns) < 5:
                asyncio.get_running_loop().call_soon(turn)

        asyncio.get_running_loop().call_soon(turn)
        desk.editor.go_through(steps(), lambda: desk.editor.tell("all done"))
        while desk.editor.working:
            await desk.pilot.pause()
        assert desk.editor.message == "all done"


async def test_escape_stops_work_at_once_and_leaves_what_it_held(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        closed: list[bool] = []

        def steps() -> Iterator[None]:
            try:
                while True:
                    yield
            finally:
                closed.append(True)

        desk.editor.go_through(steps(), lambda: desk.editor.tell("done"))
        assert desk.editor.working
        await desk.press("escape")
        assert closed == [True]
        assert "stopped" in desk.editor.message
        await desk.press("l")
        assert desk.state.view.frame == 1


async def test_a_large_deletion_that_is_stopped_changes_nothing_and_says_so(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        before = desk.state.document

        def slow(patch: Patch, command: str) -> Iterator[float]:
            del patch, command
            while True:
                yield 0.5

        desk.store.apply_steps = slow  # type: ignore[method-assign, assignment]
        change = InstanceChange(InstanceId(99), None, None)
        desk.editor.context().apply_then(Patch((change,) * 1000), "range.delete", lambda: desk.editor.tell("done"))
        assert desk.editor.working
        await wait_for(desk, lambda: desk.editor.message == "50% done: Escape stops")
        await desk.press("escape")
        assert desk.editor.message == "stopped: nothing of it was done"
        assert desk.state.document is before


async def test_what_goes_wrong_within_work_is_told(annotate: Path) -> None:
    def steps() -> Iterator[None]:
        yield
        raise Refused("the disk is made of cheese")

    async with sitting(annotate) as desk:
        desk.editor.go_through(steps(), lambda: desk.editor.tell("done"))
        await desk.pilot.pause()
        assert "made of cheese" in desk.editor.message


async def test_a_macro_that_goes_on_for_long_is_stopped(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        desk.editor.loop.macros.keep("a", (Step(command="view.labels"),))
        for key in (*"9999", "&", "a"):
            desk.editor.press(key)
        assert desk.editor.working
        await desk.press("escape")
        assert "stopped" in desk.editor.message
        assert not desk.editor.working


async def test_pasted_text_presses_no_key_and_only_its_first_line_goes_into_a_field(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        before, document = desk.where, desk.state.document
        desk.app.post_message(events.Paste("j d d\n:delete class:car\n"))
        await desk.pilot.pause()
        assert desk.where == before
        await desk.press("colon")
        desk.app.post_message(events.Paste("frame.go 2\nobject.delete\n"))
        await desk.pilot.pause()
        assert desk.app.screen.query_one(Dialog).query_one(Input).value == "frame.go 2"
        assert document is desk.state.document
