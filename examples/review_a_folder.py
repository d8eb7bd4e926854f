"""Labels a folder of pictures, reviews it by keys and exports it as COCO, without a terminal.

    python examples/review_a_folder.py PICTURES PROJECT OUT.json

Everything that a key does in the editor, a script does with the same key: `Keyboard` runs keys and `:` lines through
the same table of commands. Each edit is in the project's journal before a task is closed; `tui-editor log` lists it.
"""
# ruff: noqa: INP001, T201 - a program of its own, which talks on standard output

from __future__ import annotations

import sys
from pathlib import Path

from tui_editor import Keyboard, Project, create_project
from tui_editor.model.ids import ClassId
from tui_editor.model.ontology import ObjectClass, Ontology
from tui_editor.model.shapes import ShapeKind

ONTOLOGY = Ontology(classes=(ObjectClass(id=ClassId("sign"), name="sign", color="#FE9200", shape=ShapeKind.BOX),))


def annotate(project: Project) -> None:
    """Draw a box on the first two frames of each task, ask something, and submit."""
    for row in project.tasks():
        with project.edit(row.id) as task:
            keyboard = Keyboard(task.store)
            keyboard.line("box sign")  # `:` line, as it is typed in the editor
            keyboard.line("@8,6 40x30")  # x,y and width × height in pixels
            keyboard.type("l r 5 l")  # on the next frame, the same label again; then five frames on
            keyboard.line("issue is there a sign behind the tree?")
            keyboard.line("reply no, a bird")
            keyboard.type("} g x")  # go to the issue, resolve it
            keyboard.press("enter")  # submit


def review(project: Project) -> None:
    """Nudge what is not tight, approve everything, and end the review."""
    for row in project.tasks():
        with project.edit(row.id) as task:
            keyboard = Keyboard(task.store)
            keyboard.type("g g j e 2 l escape")  # the first object on the first frame: two pixels to the right
            keyboard.press("A")  # approve what is left on this frame
            keyboard.press("enter")  # nothing is rejected: the task is complete


def main(pictures: Path, folder: Path, target: Path) -> None:
    """Make a project of a folder of pictures, and take it through the whole workflow."""
    with create_project(folder, ontology=ONTOLOGY) as project:
        project.import_data(pictures)
        annotate(project)
        review(project)
        outcome = project.export(target, "coco")
        print(f"{outcome.report.labels} labels of {outcome.report.tasks} tasks in {target}")
        for difference in outcome.differences:
            print(f"differs when read back: {difference}")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
