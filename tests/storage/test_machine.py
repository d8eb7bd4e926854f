"""Whatever two people do to a task, in whatever order: the store holds what a document in memory says, and so does
its journal."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from tests.storage.samples import ANN, BO, HERE, FakeClock, edit, imported, project
from tests.support import strategies as some
from tui_editor.errors import PatchMismatch, StoreFenced, StoreLocked
from tui_editor.model.ids import TaskId
from tui_editor.model.project import TaskQuery
from tui_editor.ports import Edit, EntryKind, Session
from tui_editor.storage.leases import TTL_MS
from tui_editor.storage.memory import MemoryStore
from tui_editor.storage.replay import imported as as_imported
from tui_editor.storage.replay import verify_journal
from tui_editor.storage.sqlite.store import SqliteStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.model.document import LabelDocument
    from tui_editor.ports import JournalEntry, Lease, ProjectStore

TASK = TaskId(11)
SESSIONS = st.sampled_from([ANN, BO])


@dataclass
class _Model:
    """What the store should hold, kept in the simplest way."""

    document: LabelDocument
    kept: list[Edit]
    undone: set[str]
    holder: str = ""
    expires_ms: int = 0
    views: dict[str, dict[str, int]] = field(default_factory=dict)


class StoreMachine(RuleBasedStateMachine):
    """Edits, undo and redo, retries, take-overs, stale locks, time passing, restarts."""

    make: Callable[[FakeClock, Path], Callable[[], ProjectStore]]

    def __init__(self) -> None:
        super().__init__()
        self.clock = FakeClock()
        self.folder = tempfile.TemporaryDirectory()
        self.open = type(self).make(self.clock, Path(self.folder.name))
        self.store = self.open()
        self.store.add_tasks([imported()], "ann")
        self.start = self.store.open(TASK).document
        self.model = _Model(self.start, [], set())
        self.leases: dict[str, Lease] = {}

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    # --- edits -----------------------------------------------------------------------------------

    @rule(data=st.data(), session=SESSIONS, count=st.integers(1, 3))
    def edits(self, data: st.DataObject, session: Session, count: int) -> None:
        now, made = self.model.document, list[Edit]()
        for _ in range(count):
            patch = data.draw(some.patches(now, most=2))
            now = now.apply(patch)
            made.append(self._edit(session, patch, data.draw(st.booleans())))
        self._commit(made)

    @rule(data=st.data(), session=SESSIONS)
    def edits_an_older_state(self, data: st.DataObject, session: Session) -> None:
        patch = data.draw(some.patches(self.start, most=2))

        self._commit([self._edit(session, patch)])

    @precondition(lambda self: self.model.kept)
    @rule(data=st.data(), session=SESSIONS)
    def takes_back_or_brings_back(self, data: st.DataObject, session: Session) -> None:
        target = data.draw(st.sampled_from(self.model.kept))
        kind = EntryKind.REDO if target.kind is EntryKind.UNDO else EntryKind.UNDO

        self._commit([self._edit(session, target.patch.inverse(), kind=kind, undoes=target.idem)])

    @precondition(lambda self: self.model.kept)
    @rule(data=st.data())
    def retries(self, data: st.DataObject) -> None:
        number = data.draw(st.integers(0, len(self.model.kept) - 1))

        assert [number + 2] == list(self.store.commit([self.model.kept[number]]))

    def _edit(self, session: Session, patch: object, placed: bool = True, **more: object) -> Edit:
        lease = self.leases.get(session.id)
        view = {"n": len(self.model.kept)} if placed else {}
        return edit(patch, session, fence=lease.fence if lease else None, view=view, **more)  # type: ignore[arg-type]

    def _commit(self, edits: list[Edit]) -> None:
        """Commit, and hold each answer against what the model says."""
        expected = [self._expected(e) for e in edits]

        answers = self.store.commit(edits)

        assert expected == [a if isinstance(a, int) else type(a) for a in answers]

    def _expected(self, made: Edit) -> int | type[Exception]:
        model = self.model
        if made.fence is not None:
            lease = self.leases[made.session]
            if model.holder != made.session or not self._is_newest(lease):
                return StoreFenced
        elif self._held_by_another(made.session):
            return StoreLocked
        if made.undoes in model.undone:
            return PatchMismatch
        try:
            after = model.document.apply(made.patch)
        except PatchMismatch:
            return PatchMismatch
        model.document = after
        model.kept.append(made)
        if made.view:
            model.views[made.person] = dict(made.view)
        if made.undoes:
            model.undone.add(made.undoes)
        if made.fence is not None and model.expires_ms - self.clock.moment.boot_ms < TTL_MS // 2:
            model.expires_ms = self.clock.moment.boot_ms + TTL_MS
        return len(model.kept) + 1

    def _is_newest(self, lease: Lease) -> bool:
        return all(lease.fence >= other.fence for other in self.leases.values())

    def _held_by_another(self, session: str) -> bool:
        model = self.model
        return model.holder not in {"", session} and model.expires_ms > self.clock.moment.boot_ms

    @rule(session=SESSIONS, place=st.integers(1000, 2000))
    def goes_elsewhere(self, session: Session, place: int) -> None:
        self.store.save_view(TASK, session.person, {"n": place})
        self.model.views[session.person] = {"n": place}

    # --- locks and time --------------------------------------------------------------------------

    @rule(session=SESSIONS, take=st.booleans())
    def locks(self, session: Session, *, take: bool) -> None:
        if not take and self._held_by_another(session.id):
            with pytest.raises(StoreLocked):
                self.store.acquire(TASK, session)
            return
        self.leases[session.id] = self.store.acquire(TASK, session, take=take)
        self.model.holder = session.id
        self.model.expires_ms = self.clock.moment.boot_ms + TTL_MS

    @precondition(lambda self: self.leases)
    @rule(data=st.data())
    def gives_back(self, data: st.DataObject) -> None:
        session = data.draw(st.sampled_from(sorted(self.leases)))
        lease = self.leases[session]

        self.store.release(lease)

        if self.model.holder == session and self._is_newest(lease):
            self.model.holder = ""

    @rule(ms=st.sampled_from([1, TTL_MS // 2 + 1, TTL_MS]), correction=st.sampled_from([0, 86_400_000, -86_400_000]))
    def time_passes(self, ms: int, correction: int) -> None:
        self.clock.pass_ms(ms)
        self.clock.set_wall(correction)

    @rule()
    def restarts(self) -> None:
        self.store.close()
        self.store = self.open()

    # --- what holds always -----------------------------------------------------------------------

    @invariant()
    def the_store_holds_what_the_model_says(self) -> None:
        opened = self.store.open(TASK)
        assert opened.document.same(self.model.document)
        assert opened.seq == len(self.model.kept) + 1
        row = self.store.tasks(TaskQuery())[0]
        status = self.model.document.status
        assert (row.label_count, row.issue_count, row.stage, row.state, row.assignee) == (
            self.model.document.label_count,
            len(self.model.document.open_issues()),
            status.stage,
            status.state,
            status.assignee,
        )

    @invariant()
    def the_journal_leads_from_the_import_to_the_state(self) -> None:
        entries = list(self.store.journal(TASK, after=1))
        assert [e.idem for e in self.model.kept] == [e.idem for e in entries]
        assert self.model.undone == {e.idem for e in entries if e.undone}
        assert [e.undoes for e in self.model.kept] == [_name(entries, e.undoes) for e in entries]
        assert verify_journal(self.store, TASK) == len(self.model.kept) + 1
        assert as_imported(self.store, TASK).same(self.start)

    @invariant()
    def each_person_comes_back_to_where_they_were(self) -> None:
        for person in ("ann", "bo"):
            assert self.store.open(TASK, person).view == self.model.views.get(person, {})

    @invariant()
    def the_holder_is_who_the_model_says(self) -> None:
        lease = self.store.holder(TASK)
        alive = self.model.expires_ms > self.clock.moment.boot_ms
        assert (lease.session if lease else "") == (self.model.holder if alive else "")


def _name(entries: list[JournalEntry], seq: int | None) -> str:
    return "" if seq is None else entries[seq - 2].idem


def _memory(clock: FakeClock, _folder: Path) -> Callable[[], ProjectStore]:
    store = MemoryStore(project(), now=clock, here=HERE)
    return lambda: store


def _sqlite(clock: FakeClock, folder: Path) -> Callable[[], ProjectStore]:
    path = folder / "project.db"

    def opened() -> ProjectStore:
        made = None if path.exists() else project()
        store = SqliteStore(path, made, now=clock, here=HERE, ballast=0)
        store._db.db.pragma("synchronous", "off")  # what a power cut leaves is another test's subject
        return store

    return opened


@pytest.mark.slow
@pytest.mark.parametrize("make", [_memory, _sqlite])
def test_the_store_is_its_model_is_its_journal(
    make: Callable[[FakeClock, Path], Callable[[], ProjectStore]],
) -> None:
    machine = type("Machine", (StoreMachine,), {"make": staticmethod(make)})

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=30, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
