"""When the plain-text backup of the open task is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.doctext import opened
from tui_editor.api.backups import backups
from tui_editor.edits.labels import delete_instances
from tui_editor.ui.backup_keeper import BackupKeeper

if TYPE_CHECKING:
    from pathlib import Path

    from tui_editor.state.store import TaskStore


class Sitting:
    """Somebody works on a task; the clock stands until it is moved."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now_s, self.told = folder, 0.0, ""
        self.store: TaskStore = opened("car@0 box 10,10 40,30\ncar(1)@0 box 70,20 30,30")
        self.keeper = BackupKeeper(folder, lambda then: then(), self.tell, lambda: self.now_s)

    def tell(self, words: str) -> None:
        self.told = words

    def delete(self) -> None:
        document = self.store.state.document
        self.store.apply(delete_instances(document, [next(iter(document.instances))]), "object.delete")

    def look(self, after_s: float = 0, minutes: int = 10) -> int:
        """Look after so many seconds; return how many backups there are."""
        self.now_s += after_s
        self.keeper.look(self.store.state, minutes)
        if self.keeper._thread is not None:
            self.keeper._thread.join()
        return len(list(backups(self.folder)))


def test_a_backup_is_written_so_many_minutes_after_the_first_change_and_then_after_the_next(tmp_path: Path) -> None:
    sitting = Sitting(tmp_path)
    assert sitting.look() == 0
    assert sitting.look(3600) == 0, "nothing changed"
    sitting.delete()
    assert sitting.look() == 0
    assert sitting.look(599) == 0
    assert sitting.look(1) == 1
    assert sitting.look(3600) == 1, "nothing changed since"


def test_with_an_interval_of_0_none_is_written(tmp_path: Path) -> None:
    sitting = Sitting(tmp_path)
    sitting.look()
    sitting.delete()
    sitting.look(minutes=0)

    assert sitting.look(10_000, minutes=0) == 0


def test_a_folder_that_can_not_be_written_to_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    sitting = Sitting(tmp_path / "file")
    sitting.look()
    sitting.delete()
    sitting.look()
    sitting.look(600)

    assert sitting.told.startswith("no plain-text backup: ")
