"""A project in which everything that can have a name has a hostile one; and the same with harmless names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from tui_editor.api import create_project
from tui_editor.model.document import make_document
from tui_editor.model.frames import MediaRef, Unit, UnitKind
from tui_editor.model.ids import AttributeId, ClassId, InstanceId, IssueId, OptionId, TaskId, UnitId
from tui_editor.model.instances import Instance
from tui_editor.model.issues import Comment, DecisionState, Issue, IssueKind, ReviewDecision
from tui_editor.model.ontology import Attribute, AttributeKind, Classification, ObjectClass, Ontology, Option
from tui_editor.model.project import Task
from tui_editor.model.shapes import Box, ShapeKind
from tui_editor.model.tracks import Label, make_track
from tui_editor.model.workflow import TaskStatus
from tui_editor.ports import ImportedTask

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tui_editor.api import Project
    from tui_editor.model.document import LabelDocument

PAYLOADS = (
    "\x1b]52;c;UFdORUQ=\x07",  # the clipboard
    "\x1b]52;c;?\x1b\\",  # the clipboard, typed into the program
    "\x1b]2;PWNED\x1b\\",  # the window's title
    "\x1b]8;;https://evil.example/\x1b\\x\x1b]8;;\x1b\\",
    "\x1b[c\x1b[18t\x1b[6n",  # asks: the answers arrive as keys
    "\x1b[1;1HFAKE",
    "\x1b[?1049l\x1bc",
    "\x1b_Ga=d,d=A\x1b\\",
    "\x1bPq#0~\x1b\\",
    "\x9b18t\x9d2;PWNED\x9c",
    "\x07\x08\x7f\x00\x0e",
    "\u202egpj.live\u202c \u2066x\u2069\u200f",
    "zero\u200b\u2060\ufeffwidth\u00ad",
    "\U000e0041\U000e0042tags",
    "a\u2028b\u2029c\u0085d",
    "two\nlines\r\nand\ttabs",
    "[@click=app.quit()]x[/]",
    "[/",
    "[/red]",
    "[link=https://evil.example]x[/link]",
    "[@click=']",
    "[red]not red[/red] \\[x]",
    "{0} %s %n $(id) `id` {{x}}",
    "👩\u200d👩\u200d👧\u200d👦 🏳\ufe0f\u200d🌈",
    "漢字かな交じり文の名前",
    "e" + "\u0301" * 300,
    "x" * 10_000,
    "\x1b[31m" * 2_000,
    "../../../etc/passwd",
    " ",
    "",
)
"""Names that attack the terminal, the markup, the layout or the reader."""
AS_FILES = (0, 5, 13)
"""Those that name files as well: a file's name holds no slash and no NUL, and foreign formats read `\\` as a slash."""
PLAIN = tuple(f"name {n}" for n in range(len(PAYLOADS)))
SIZE = (320, 240)
TASK = TaskId(5)
UNIT = UnitId(11)


def named_project(folder: Path, names: Sequence[str]) -> Project:
    """Return a project that uses each name everywhere: the first task holds them all, further ones are named so."""
    media = folder / "media"
    media.mkdir(parents=True)
    files = [names[n] for n in AS_FILES] + [f"{n}.png" for n in range(len(names))]
    for number, file in enumerate(files):
        Image.fromarray(np.full((SIZE[1], SIZE[0], 3), 7 * number, np.uint8)).save(media / file, format="png")
    ontology = Ontology(
        classes=tuple(_class(n, name) for n, name in enumerate(names)),
        classifications=(
            Classification(id=ClassId("frame"), name=names[0], attributes=(_attribute("frame", names[1], names),)),
        ),
    )
    project = create_project(folder, names[0], ontology=ontology, person=names[2])
    root = project.add_root(media)
    tasks = [_task(TASK, names[4], MediaRef(root=root, paths=tuple(files[: len(AS_FILES)])), _document(names))]
    plain = make_document(status=TaskStatus(stage="review", author=names[0], assignee=names[1]))
    tasks += [
        _task(TaskId(100 + n), name, MediaRef(root=root, paths=(file,)), plain)
        for n, (name, file) in enumerate(zip(names, files[len(AS_FILES) :], strict=True))
    ]
    project.store.add_tasks(tasks, names[3])
    return project


def _class(number: int, name: str) -> ObjectClass:
    return ObjectClass(
        id=ClassId(f"class{number}"),
        name=name,
        color=name if number % 2 else "#FE9200",
        shape=ShapeKind.BOX,
        hotkey="abcdefgh"[number] if number < 8 else "",
        attributes=(_attribute(f"a{number}", name, (name,)), _text(f"t{number}", f"{name} in words")),
    )


def _attribute(key: str, name: str, options: Sequence[str]) -> Attribute:
    return Attribute(
        id=AttributeId(key),
        name=name,
        kind=AttributeKind.RADIO,
        options=tuple(Option(id=OptionId(f"{key}-{n}"), label=o, value=o) for n, o in enumerate(options)),
    )


def _text(key: str, name: str) -> Attribute:
    return Attribute(id=AttributeId(key), name=name, kind=AttributeKind.TEXT, required=True, extra={"help": name})


def _document(names: Sequence[str]) -> LabelDocument:
    instances = [
        Instance(
            id=InstanceId(n + 1),
            class_id=ClassId(f"class{n}"),
            ordinal=0,
            answers={AttributeId(f"a{n}"): (OptionId(f"a{n}-0"),), AttributeId(f"t{n}"): name},
            created_by=name,
            source_id=name,
        )
        for n, name in enumerate(names)
    ]
    tracks = {
        (InstanceId(n + 1), UNIT): make_track([Label(frame=0, shape=_box(n), author=name, editor=name)])
        for n, name in enumerate(names)
    }
    issues = [
        Issue(
            id=IssueId(n + 1),
            kind=IssueKind.FRAME,
            author=name,
            created_ms=n,
            unit=UNIT,
            frames=(0, 0),
            tags=(name,),
            comments=(Comment(author=name, at_ms=n, text=name), Comment(author=name, at_ms=n, text=name)),
        )
        for n, name in enumerate(names)
    ]
    decisions = {InstanceId(1): ReviewDecision(state=DecisionState.REJECTED, by=names[0], at_ms=1, issue=IssueId(1))}
    status = TaskStatus(stage="review", author=names[0], assignee=names[1], reviewer=names[2])
    return make_document(instances=instances, tracks=tracks, issues=issues, decisions=decisions, status=status)


def _box(number: int) -> Box:
    return Box(4.0 + number % 6 * 50, 4.0 + number // 6 * 38, 40.0, 28.0)


def _task(task: TaskId, title: str, media: MediaRef, document: LabelDocument) -> ImportedTask:
    unit = Unit(
        id=UNIT if task == TASK else UnitId(int(task)),
        kind=UnitKind.IMAGE_SEQUENCE if task == TASK else UnitKind.IMAGE,
        title=title,
        media=media,
        frame_count=len(media.paths),
        width=SIZE[0],
        height=SIZE[1],
    )
    priority = 0.9 if task == TASK else 0.5
    return ImportedTask(task=Task(id=task, title=title, units=(unit,), priority=priority), document=document)
