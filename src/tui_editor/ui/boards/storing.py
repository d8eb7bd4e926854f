"""What boards ask of the project's store and change in it, on the store's thread; keys wait for the answer."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from tui_editor.api.activities import note_done
from tui_editor.api.project import Project
from tui_editor.api.quality.gates import with_thresholds
from tui_editor.ui.boards.opening import desk_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.model.project import Project as ProjectInfo
    from tui_editor.ports import ProjectStore
    from tui_editor.ui.desk import Desk
    from tui_editor.ui.screens.front import FrontScreen

T = TypeVar("T")
_NUMBERS: Final = count()


class Settings(NamedTuple):
    """A project's settings as they were read."""

    info: ProjectInfo
    for_gates: ProjectInfo
    """The same with the thresholds that its required checks use."""


def seen_project(desk: Desk, store: ProjectStore, seen: ProjectInfo | None = None) -> Project:
    """Return the desk's project over another store; `seen` are the settings that the person saw."""
    project = desk.project
    return Project(project.folder, store, project.person, session=project.session, seen=seen)


def of_project(
    screen: FrontScreen,
    question: Callable[[Project], T],
    done: Callable[[T], None],
    *,
    seen: ProjectInfo | None = None,
    failed: Callable[[str], None] | None = None,
) -> None:
    """Ask the store's thread; the next key waits for what it answers.

    Args:
        screen: Where it was asked.
        question: Called on the thread.
        done: Gets the answer on the event loop.
        seen: The settings as the person saw them.
        failed: Gets the words of an error; without it the message line does.
    """
    desk = desk_of(screen)
    answered = screen.awaited(_run)

    def wrong(words: str) -> None:
        if failed is not None:
            failed(words)
        else:
            screen.tell(words, severity="warning")

    desk.store_thread.ask(
        f"of project {next(_NUMBERS)}",  # each of them counts: none takes the place of another
        lambda store: question(seen_project(desk, store, seen)),
        lambda found: answered(lambda: lambda: done(found)),
        lambda words: answered(lambda: lambda: wrong(words)),
    )


def _run(then: Callable[[], None]) -> None:
    then()


def read_settings(project: Project) -> Settings:
    """Return the settings as they are in the store."""
    fresh = Project(project.folder, project.store, project.person)
    return Settings(fresh.info, with_thresholds(fresh))


def note_activity(screen: FrontScreen, kind: str, what: str, outcome: str) -> None:
    """Keep in the store that something was done with the project."""
    desk = desk_of(screen)
    desk.store_thread.ask(
        f"note {next(_NUMBERS)}",
        lambda store: note_done(seen_project(desk, store), kind, what, outcome),
        lambda _: None,
    )
