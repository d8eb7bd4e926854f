"""What is done with a project as a whole is kept in its store: imports, exports, checks, changed settings."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from msgspec.structs import replace

from tui_editor.errors import ProjectChanged, StoreError, TuiEditorError
from tui_editor.model.ontology import Ontology
from tui_editor.model.project import Project as ProjectInfo
from tui_editor.model.project_change import BY_KEY, changed_settings, in_words
from tui_editor.ports.activities import Activity, ActivityState
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tui_editor.api.project import Project

MOST_VALUE: Final = 60
LOOKED_BACK: Final = 50
"""Activities among which the one is looked for that changed a setting."""


class Recording:
    """What is being done; who does it puts into `outcome` what came of it."""

    def __init__(self) -> None:
        self.outcome = ""


@contextmanager
def recorded(project: Project, kind: str, what: str) -> Iterator[Recording]:
    """Keep in the store that something is done, and how it ends; nothing where the project may only be read.

    Args:
        project: With which it is done.
        kind: The shell's word for it.
        what: With what it is done, in words.
    """
    recording = Recording()
    begun = Activity(kind=kind, what=what, person=project.person, session=project.session, state=ActivityState.RUNNING)
    kept = _noted(project, begun)
    try:
        yield recording
    except BaseException as error:
        words = str(error) if isinstance(error, TuiEditorError) else "interrupted"
        _end(project, kept, ActivityState.FAILED, words)
        raise
    _end(project, kept, ActivityState.DONE, recording.outcome)


def note_done(project: Project, kind: str, what: str, outcome: str = "") -> None:
    """Keep in the store that something was done."""
    done = Activity(kind=kind, what=what, person=project.person, session=project.session, outcome=outcome)
    _noted(project, done)


def _noted(project: Project, activity: Activity) -> Activity | None:
    """Keep an activity; the thing itself does not suffer where that can't be."""
    if project.store.read_only:
        return None
    with suppress(StoreError):
        number = project.store.note(activity)
        found = (a for a in project.store.activities(limit=LOOKED_BACK) if a.number == number)
        return next(found, None)
    return None


def _end(project: Project, kept: Activity | None, state: ActivityState, outcome: str) -> None:
    if kept is not None:
        _noted(project, replace(kept, state=state, outcome=one_line(outcome, 200)))


def activity_words(activity: Activity) -> str:
    """Return what was done, and what came of it or that it is under way, as one harmless line."""
    state = activity.state
    ended = activity.outcome if state is ActivityState.DONE else f"{state.value} {activity.outcome}".strip()
    return one_line(f"{activity.kind} {activity.what}{f': {ended}' if ended else ''}", 200)


def is_news_to(activity: Activity, session: str, person: str) -> bool:
    """Return whether a window tells its person of an activity: it ended, and was done elsewhere."""
    over = activity.state is not ActivityState.RUNNING
    return over and not (activity.person == person and activity.session and activity.session == session)


# --- changed settings ---------------------------------------------------------------------------------------------


def save_settings(project: Project, before: ProjectInfo, after: ProjectInfo) -> ProjectInfo:
    """Keep changed settings of a project and who changed them; return the project as it is kept.

    Raises:
        ProjectChanged: somebody changed the same setting since `before`; it says who, when, and what it is.
    """
    names = changed_settings(before, after)
    if not names:
        return before
    activity = Activity(
        kind="settings",
        what=in_words(names),
        person=project.person,
        session=project.session,
        outcome=change_words(before, after, names),
        settings=names,
    )
    try:
        return project.store.save_project(after, before, activity)
    except ProjectChanged as clash:
        raise _told(project, clash) from clash


def _told(project: Project, clash: ProjectChanged) -> ProjectChanged:
    """Return the error with who was quicker, and what the settings are."""
    from tui_editor.api.notices import ago

    theirs = set(clash.settings)
    found = (a for a in project.store.activities(limit=LOOKED_BACK) if theirs & set(a.settings))
    by = next(found, None)
    is_now = value_words(project.store.project(), clash.settings[0])
    who = one_line(by.person, 40) if by is not None else "somebody else"
    when = ago(by.ended_ms, time.time_ns() // 1_000_000) if by is not None else "lately"
    when = when.replace("now", "a moment ago")
    what = f"{who} changed the {in_words(clash.settings)} {when}, to {is_now}"
    return ProjectChanged(what, settings=clash.settings, hint="nothing was changed: look at it and do it again")


def change_words(before: ProjectInfo, after: ProjectInfo, names: Sequence[str]) -> str:
    """Return what settings were and what they are, as one harmless line."""
    from tui_editor.model.ontology_words import ontology_words

    said = []
    for name in names:
        was, is_ = _value(before, name), _value(after, name)
        if isinstance(was, Ontology) and isinstance(is_, Ontology):
            said.append(f"{in_words((name,))}: {ontology_words(was, is_)}")
        elif isinstance(was, Mapping) and isinstance(is_, Mapping):
            said.append(f"{in_words((name,))}: {_difference(was, is_)}")
        else:
            said.append(f"{in_words((name,))}: {value_words(before, name)} → {value_words(after, name)}")
    return one_line("; ".join(said), 200)


def value_words(info: ProjectInfo, name: str) -> str:
    """Return a setting's value as a few harmless words."""
    return _words(_value(info, name))


def _value(info: ProjectInfo, name: str) -> Any:
    if name in ProjectInfo.__struct_fields__:
        return getattr(info, name)
    found = [getattr(info, field)[name] for field in BY_KEY if name in getattr(info, field)]
    return found[0] if found else ""


def _words(value: Any) -> str:
    if isinstance(value, str):
        return f"“{one_line(value, MOST_VALUE)}”" if value else "nothing"
    if isinstance(value, dict):
        return (
            one_line(", ".join(f"{key} {_words(had).strip('“”')}" for key, had in value.items()), MOST_VALUE) or "none"
        )
    if isinstance(value, (list, tuple)):
        return one_line(", ".join(str(each) for each in value), MOST_VALUE) or "none"
    if hasattr(value, "stages"):
        return one_line(" → ".join(stage.name for stage in value.stages), MOST_VALUE)
    if hasattr(value, "classes"):
        return f"{len(value.classes)} classes, {len(value.classifications)} classifications"
    return one_line(type(value).__name__ if isinstance(value, Struct) else str(value), MOST_VALUE)


def _difference(was: Mapping[str, Any], is_: Mapping[str, Any]) -> str:
    changed = [key for key in dict.fromkeys((*was, *is_)) if was.get(key) != is_.get(key)]
    return ", ".join(f"{key} {_words(is_[key]).strip('“”')}" if key in is_ else f"without {key}" for key in changed)
