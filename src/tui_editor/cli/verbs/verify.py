"""`tui-editor verify`: proves that frames are those that were labelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.cli.options import add_json
from tui_editor.cli.output import counted, note, out, print_json_list
from tui_editor.errors import ExitCode, MediaError
from tui_editor.text import one_line

if TYPE_CHECKING:
    import argparse

    from tui_editor.api.project import Project
    from tui_editor.media.verify import Mismatch
    from tui_editor.model.frames import Unit
    from tui_editor.model.ids import UnitId
    from tui_editor.model.project import TaskRow
    from tui_editor.ports import OpenedTask


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument(
        "--record", action="store_true", help="record the proof of labelled frames that have none, first"
    )
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the frames that are not those that were labelled; return 1 when there are any."""
    from tui_editor.api.activities import recorded
    from tui_editor.cli.places import project_of

    with project_of(arguments) as project:
        readable = not arguments.record or _record(project)
        with recorded(project, "verify", "all frames with a proof") as recording:
            found = list(project.verify())
            recording.outcome = f"{counted(len(found), 'frame')} not as they were" if found else "all as they were"
        proofs = sum(
            len(project.store.identities(u.id)) for row in project.tasks() for u in project.store.task(row.id).units
        )
    if arguments.json:
        print_json_list(_as_json(*one) for one in found)
    else:
        for row, unit, mismatch in found:
            out(f"{one_line(row.title)}, {one_line(unit.title)}, frame {mismatch.index}: {one_line(mismatch.reason)}")
    note(f"frames with a proof: {proofs}; not as they were: {len(found)}")
    if not proofs:
        note("nothing was proven: record proofs with --record while the media are right")
    return ExitCode.FINDINGS if found or not readable else ExitCode.OK


def _record(project: Project) -> bool:
    """Record what is missing; return whether all media could be read."""
    from tui_editor.api.checking import record_labelled_frames

    total, readable = 0, True
    for row in project.tasks():
        opened = project.read(row.id)
        try:
            total += record_labelled_frames(project, opened.task, labelled_frames(opened))
        except MediaError as error:
            note(f"{row.title}: {error}")
            readable = False
    note(f"recorded {counted(total, 'frame')}")
    return readable


def labelled_frames(opened: OpenedTask) -> dict[UnitId, set[int]]:
    """Return the frames of each data unit that have a label and that the medium has."""
    counts = {unit.id: unit.frame_count for unit in opened.task.units}
    found: dict[UnitId, set[int]] = {unit: set() for unit in counts}
    for (_, unit), track in opened.document.tracks.items():
        if unit in counts:
            found[unit].update(f for f in track.frames.tolist() if 0 <= f < counts[unit])
    return found


def _as_json(row: TaskRow, unit: Unit, mismatch: Mismatch) -> dict[str, object]:
    from tui_editor.model.ids import to_text

    return {
        "task": to_text(row.id),
        "title": row.title,
        "unit": to_text(unit.id),
        "frame": mismatch.index,
        "reason": mismatch.reason,
    }
