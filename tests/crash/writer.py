"""The process that is killed: it edits without end and reports each edit that was acknowledged."""

from __future__ import annotations

import os
import random
import struct
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from msgspec.structs import replace

from tests.storage.samples import UNIT, edit, moved
from tui_editor.model.ids import TaskId
from tui_editor.ports import EntryKind, Session
from tui_editor.storage.committer import Committer
from tui_editor.storage.locate import open_store

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from pathlib import Path

    from tui_editor.ports import Edit

ACK = struct.Struct("<qq16s")
"""Sequence number, frame of the view, name of the edit."""
TASK = TaskId(11)


def write(folder: Path, acks: Connection) -> None:
    """Take the task's lock and edit until killed; every third step is undone."""
    session = Session(id=f"s-{os.getpid()}", person="ann", pid=os.getpid())
    store = open_store(folder)
    fence = store.acquire(TASK, session).fence
    now = store.open(TASK, "ann").document
    store.close()

    def done(kept: Edit, answer: int | Exception) -> None:
        assert isinstance(answer, int), answer
        os.write(acks.fileno(), ACK.pack(answer, kept.view["frame"], UUID(kept.idem).bytes))

    committer = Committer(lambda: open_store(folder, edits=True))
    for step in range(1_000_000):
        frame = random.randrange(600)
        place = {"frame": frame, "unit": UNIT}
        patch = moved(now, frame, random.random())
        made = replace(edit(patch, session, fence=fence, view=place), idem=uuid4().hex)
        committer.submit(made, done)
        now = now.apply(patch)
        if step % 3 == 0:
            back = edit(patch.inverse(), session, fence=fence, view=place, kind=EntryKind.UNDO, undoes=made.idem)
            committer.submit(back, done)
            now = now.apply(patch.inverse())
        while committer.pending > 8:
            committer.flush(0.001)
