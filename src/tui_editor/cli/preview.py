"""What `open` and `demo` do without a terminal: say what they would show, check it, and write a picture of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.cli.findings import LEVELS, Counted, line_of
from tui_editor.cli.output import counted, note, out
from tui_editor.errors import MediaError
from tui_editor.model.ids import to_text
from tui_editor.model.project import TaskQuery
from tui_editor.storage.locate import FOLDER

if TYPE_CHECKING:
    from pathlib import Path

    from tui_editor.cli.places import Place

FINDINGS_SHOWN = 20
FILE = "preview.png"


def show_without_terminal(place: Place) -> None:
    """Tell on stderr what the editor would show and what the checks find; print the path of the picture."""
    project = place.project
    task = project.store.task(place.first_task())
    count = sum(project.store.count(TaskQuery()).values())
    frames = sum(unit.frame_count for unit in task.units)
    note(
        f"no terminal: this would open project {project.info.name} ({counted(count, 'task')}), task {task.title} "
        f"({to_text(task.id)}, {counted(frames, 'frame')}), frame {place.frame or 0}"
    )
    _check(place)
    target = _draw(place)
    if target is not None:
        note("the frame as the editor draws it:")
        out(str(target))


def _check(place: Place) -> None:
    findings = Counted(place.project.check())
    worst = sorted(findings, key=lambda finding: LEVELS.index(finding.severity.value))
    for finding in worst[:FINDINGS_SHOWN]:
        note(line_of(place.project, finding))
    if len(worst) > FINDINGS_SHOWN:
        note(f"and {len(worst) - FINDINGS_SHOWN} more; `tui-editor check` lists them")
    note(f"checks: {findings.summary()}")


def _draw(place: Place) -> Path | None:
    from tui_editor.api.pictures import picture
    from tui_editor.cli.places import data_folder
    from tui_editor.render.png import encode_png

    try:
        pixels = picture(place.project, place.first_task(), place.frame or 0)
    except MediaError as error:
        note(f"no picture: {error}")
        return None
    target = (data_folder() if place.project.read_only else place.project.folder / FOLDER) / FILE
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(encode_png(pixels))
    return target
