"""Track surgery on disk: what the store holds is what the screen shows, and undo leaves it as it was, byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.support.content import content
from tests.support.doctext import PROJECT, TASK, document
from tui_editor import Keyboard
from tui_editor.api.project import Project
from tui_editor.model.document import make_document
from tui_editor.model.ids import InstanceId
from tui_editor.model.shapes import Box
from tui_editor.model.tracks import Label, make_track
from tui_editor.ports import ImportedTask
from tui_editor.storage.locate import create_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tui_editor.commands.headless import HeadlessFront

CLIP = 'van@50 box 9,9 9,9\nissue label car@9 "late"'
UNIT_ID = TASK.units[0].id
SURGERY = {
    "split": ("j 9 l T s", ("yes",)),
    "merge": ("j T m", (("car (1)",), "2", "yes")),
    "swap": ("j 9 l T x", ("yes",)),
    "join": ("j 9 l T s k k T j", ("yes", "yes")),
    "extend": ("j G T e", ("yes",)),
    "fill": ("j T f", ("yes",)),
    "cut": ("j T c", ("0-60", "yes")),
    "interpolate, then a key moves, then goes": ("j T i 8 l e 5 l escape d d", ("yes",)),
    "key label": ("j T i 3 l T k T k", ("yes",)),
    "paste": ("j y y 3 l P g P R", ("2",)),
    "bulk": ("g b", ("r", "5-70", "yes")),
    "class of many": ("g b", ("t", ("car (0)", "car (1)"), "van", "yes")),
}


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A project with two cars over 80 frames of a clip, one with gaps, and a van."""
    store = create_store(tmp_path, PROJECT)
    found = document(f"car@0 box 0,0 9,9\ncar(1)@0 box 50,0 9,9\n{CLIP}")
    frames = np.arange(0, 80)
    tracks = dict(found.tracks.items())
    sparse = [Label(frame=f, shape=Box(f, f, 9, 9), author="ann") for f in frames.tolist() if f % 8 == 0]
    dense = [Label(frame=f, shape=Box(50 + f, f, 9, 9), author="bo") for f in frames.tolist()]
    tracks[InstanceId(1), UNIT_ID], tracks[InstanceId(2), UNIT_ID] = make_track(sparse), make_track(dense)
    made = make_document(instances=found.instances.values(), tracks=tracks, issues=found.issues.values())
    store.add_tasks([ImportedTask(task=TASK, document=made)], "importer")
    with Project(tmp_path, store, "me") as opened:
        yield opened


@pytest.mark.parametrize(("keys", "answers"), SURGERY.values(), ids=SURGERY)
def test_what_is_done_is_on_disk_and_what_is_undone_leaves_nothing(
    project: Project, keys: str, answers: tuple[str | tuple[str, ...], ...]
) -> None:
    before = content(project.read(TASK.id).document)
    with project.edit(TASK.id) as task:
        keyboard = Keyboard(task.store)
        front: HeadlessFront = keyboard.front
        front.answers.extend(answers)
        keyboard.type(keys)
        assert task.settle()
        assert (front.warnings, len(front.answers)) == ([], 0)
        after = content(task.store.state.document)
        assert task.store.can_undo()
        assert after == content(project.read(TASK.id).document)
        while task.store.undo():
            pass
        assert task.settle()
        assert task.store.state.durability.problem == ""
        assert before == content(task.store.state.document)
    assert before == content(project.read(TASK.id).document)
