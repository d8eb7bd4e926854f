"""Two people, three windows and two tasks, in whatever order: each answer and each state is held against an oracle."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from msgspec.structs import replace

from tests.storage.oracle import LIFE_MS, NOBODY, Oracle
from tests.storage.samples import ANN, BO, HERE, FakeClock, edit, imported, project
from tests.support import strategies as some
from tui_editor.api.project import Project
from tui_editor.api.workflow import next_task
from tui_editor.edits import issues
from tui_editor.edits import workflow as moves
from tui_editor.edits.stamp import Stamp
from tui_editor.errors import Refused, StoreFenced, StoreLocked
from tui_editor.model.ids import TaskId
from tui_editor.model.issues import IssueKind
from tui_editor.model.project import TaskQuery
from tui_editor.ports import Edit, EntryKind, Session
from tui_editor.state.taking_back import Wanted, planned
from tui_editor.storage.memory import MemoryStore
from tui_editor.storage.replay import imported as as_imported
from tui_editor.storage.replay import verify_journal
from tui_editor.storage.sqlite.store import SqliteStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.patch import Patch
    from tui_editor.ports import JournalEntry, Lease, ProjectStore

ANN_ELSEWHERE = Session(id="s-ann-2", person="ann", host=HERE)
"""A second window of the same person."""
SESSIONS = st.sampled_from([ANN, BO, ANN_ELSEWHERE])
KEYS = (TaskId(11), TaskId(12))
TASKS = st.sampled_from(KEYS)
PLACES = st.sampled_from(["here", "here", "here", "gone", "far"])
"""Where a window is: on this machine, in a process that has died, on another machine."""
JOURNAL_EVERY = 6
"""Steps after which the whole journal is replayed once more; at the end of a sequence it is anyhow."""


def _moves(now: LabelDocument, who: Stamp, name: str) -> Patch:
    """Return a move in the workflow. Raises `Refused` where it is not one from here."""
    info = project()
    match name:
        case "take":
            return moves.take(now, info, who)
        case "release":
            return moves.release(now, info, who)
        case "submit":
            return moves.submit(now, info, who)
        case "skip":
            return moves.skip(now, info, "dark", who)
        case "approve":
            return moves.approve_task(now, info, who)
        case "reject":
            return moves.reject_task(now, info, "no", who)
    return moves.reopen(now, info, who)


MOVES = st.sampled_from(["take", "release", "submit", "skip", "approve", "reject", "reopen"])


class StoreMachine(RuleBasedStateMachine):
    """Edits, undo and redo, retries, issues, the workflow, take-overs, stale locks, time, restarts, deaths."""

    make: Any

    def __init__(self) -> None:
        super().__init__()
        self.clock = FakeClock()
        self.folder = tempfile.TemporaryDirectory()
        self.opened = type(self).make(self.clock, Path(self.folder.name))
        self.stores: dict[str, ProjectStore] = {person: self.opened() for person in ("ann", "bo")}
        self.stores["ann"].add_tasks([imported(int(key)) for key in KEYS], "ann")
        self.start = {key: self.stores["bo"].open(key).document for key in KEYS}
        self.oracle = Oracle(self.clock, self.start)
        self.leases: dict[tuple[TaskId, str], Lease] = {}
        self.steps = 0
        self.touched = set(KEYS)

    def teardown(self) -> None:
        try:
            for key in KEYS:
                self._check_journal(key)
        finally:
            for store in self.stores.values():
                store.close()
            self.folder.cleanup()

    # --- edits -----------------------------------------------------------------------------------

    @rule(data=st.data(), session=SESSIONS, tasks=st.lists(TASKS, min_size=1, max_size=3), together=st.booleans())
    def edits(self, data: st.DataObject, session: Session, tasks: list[TaskId], *, together: bool) -> None:
        now = {key: self._document(key) for key in KEYS}
        made = list[Edit]()
        for key in tasks:
            patch = data.draw(some.patches(now[key], most=2))
            now[key] = now[key].apply(patch)
            made.append(self._edit(key, session, patch, data.draw(st.booleans())))
        self._commit(session, made, together=together)

    @rule(data=st.data(), session=SESSIONS, task=TASKS, first=st.booleans(), together=st.booleans())
    def edits_an_older_state(
        self, data: st.DataObject, session: Session, task: TaskId, *, first: bool, together: bool
    ) -> None:
        """One of two may not fit, or only its beginning: a patch of the state of the beginning."""
        old = self._edit(task, session, data.draw(some.patches(self.start[task], most=3)))
        new = self._edit(task, session, data.draw(some.patches(self._document(task), most=1)))
        self._commit(session, [old, new] if first else [new, old], together=together)

    @rule(data=st.data(), session=SESSIONS, task=TASKS, others=st.integers(0, 1), together=st.booleans())
    def takes_back_or_brings_back(
        self, data: st.DataObject, session: Session, task: TaskId, others: int, *, together: bool
    ) -> None:
        """Any entry, also one that was taken back or is another task's; alone or with an edit of the other task."""
        kept = [edit for each in self.oracle.tasks.values() for edit in each.kept]
        if kept:
            target = data.draw(st.sampled_from(kept))
            kind = EntryKind.REDO if target.kind is EntryKind.UNDO else EntryKind.UNDO
            made = self._edit(task, session, target.patch.inverse(), kind=kind, undoes=target.idem)
            other = KEYS[task == KEYS[0]]
            more = [self._edit(other, session, data.draw(some.patches(self._document(other), most=1)))] * others
            self._commit(session, [made, *more], together=together)

    @rule(session=SESSIONS, task=TASKS, author=st.sampled_from(["", "ann", "bo"]), count=st.integers(1, 3))
    def takes_back_several(self, session: Session, task: TaskId, author: str, count: int) -> None:
        store = self.stores[session.person]
        try:
            plan = planned(
                self._document(task),
                lambda before: store.recent(task, before, 2),
                Wanted(author=author, count=count),
            )
        except Refused:
            return
        if plan.patch:
            made = self._edit(task, session, plan.patch, kind=plan.kind, undoes=plan.undoes)
            self._commit(session, [made])

    @rule(data=st.data(), session=SESSIONS, task=TASKS)
    def retries(self, data: st.DataObject, session: Session, task: TaskId) -> None:
        """An answer was lost: the edit is sent once more, whoever has the lock by then."""
        kept = self.oracle.tasks[task].kept
        if kept:
            self._commit(session, [data.draw(st.sampled_from(kept))])

    @rule(session=SESSIONS, task=TASKS, move=MOVES)
    def moves_in_the_workflow(self, session: Session, task: TaskId, move: str) -> None:
        try:
            patch = _moves(self._document(task), Stamp(session.person, self.clock.moment.wall_ms), move)
        except Refused:
            return
        if patch:
            self._commit(session, [self._edit(task, session, patch, kind=EntryKind.WORKFLOW)])

    @rule(session=SESSIONS, task=TASKS, what=st.sampled_from(["raise", "reply", "resolve"]))
    def discusses(self, session: Session, task: TaskId, what: str) -> None:
        now, who = self._document(task), Stamp(session.person, self.clock.moment.wall_ms)
        opened = now.open_issues()
        if what == "raise" or not opened:
            patch = issues.raise_issue(issues.new_issue(IssueKind.FILE, "why?", who))
        elif what == "reply":
            patch = issues.comment(now, opened[0].id, "because", who)
        else:
            patch = issues.set_resolved(now, opened[0].id, True, who)
        self._commit(session, [self._edit(task, session, patch)])

    @rule(person=st.sampled_from(["ann", "bo"]))
    def takes_the_next_task(self, person: str) -> None:
        expected = next((key for key in self.oracle.waiting_for(person) if self._can_be_claimed(key, person)), None)

        found = next_task(Project(Path(), self.stores[person], person))

        assert found == expected
        if found is not None:
            self._note_claim(found, person)

    def _can_be_claimed(self, key: TaskId, person: str) -> bool:
        """Return whether nobody has it open; one's own may be open in another window."""
        task = self.oracle.tasks[key]
        mine = moves.take(task.document, project(), Stamp(person, 0)) if self.oracle.is_held(key) else None
        return mine is None or (not mine and task.lock.person == person)

    def _note_claim(self, key: TaskId, person: str) -> None:
        """Write down the edit that took a task, when there had to be one."""
        patch = moves.take(self._document(key), project(), Stamp(person, 0))
        expected = self._document(key).apply(patch).status
        if patch:
            entry = self.stores[person].recent(key, limit=1)[0]
            who = Session(id="", person=person)
            made = edit(entry.patch, who, key=int(key), idem=entry.idem, kind=EntryKind.ASSIGN)
            assert isinstance(self.oracle.commit([made], together=False)[0], int)
            assert self._document(key).status == expected
            assert expected.assignee == person
            self.touched.add(key)

    # --- what the rules of edits share -----------------------------------------------------------

    def _document(self, task: TaskId) -> LabelDocument:
        return self.oracle.tasks[task].document

    def _edit(self, task: TaskId, session: Session, patch: Patch, placed: bool = True, **more: Any) -> Edit:
        lease = self.leases.get((task, session.id))
        view = {"n": len(self.oracle.tasks[task].kept)} if placed else {}
        return edit(patch, session, key=int(task), fence=lease.fence if lease else None, view=view, **more)

    def _commit(self, session: Session, edits: list[Edit], *, together: bool = False) -> None:
        """Commit, and hold each answer against what the oracle says."""
        expected = self.oracle.commit(edits, together=together)

        answers = self.stores[session.person].commit(edits, together=together)

        assert expected == [a if isinstance(a, int) else type(a) for a in answers]
        self.touched |= {made.task for made in edits}

    # --- places and ranks ------------------------------------------------------------------------

    @rule(session=SESSIONS, task=TASKS, place=st.integers(1000, 2000))
    def goes_elsewhere(self, session: Session, task: TaskId, place: int) -> None:
        self.stores[session.person].save_view(task, session.person, {"n": place})
        self.oracle.goes(session.person, task, {"n": place})
        self.touched.add(task)

    @rule(session=SESSIONS, task=TASKS, priority=st.sampled_from([0.0, 0.25, 0.5, 1.0]))
    def ranks(self, session: Session, task: TaskId, priority: float) -> None:
        store = self.stores[session.person]
        store.save_task(replace(store.task(task), priority=priority))
        self.oracle.tasks[task].priority = priority
        self.touched.add(task)

    # --- locks and time --------------------------------------------------------------------------

    @rule(session=SESSIONS, task=TASKS, take=st.booleans(), place=PLACES)
    def locks(self, session: Session, task: TaskId, place: str, *, take: bool) -> None:
        """Also from a process that is gone by now, and from another machine."""
        asking = replace(
            session, pid=NOBODY if place == "gone" else 0, host="elsewhere" if place == "far" else session.host
        )
        store = self.stores[session.person]
        if not self.oracle.may_lock(task, asking, take=take):
            with pytest.raises(StoreLocked, match=self.oracle.tasks[task].lock.person):
                store.acquire(task, asking, take=take)
            return
        lease = store.acquire(task, asking, take=take)
        assert lease.fence == self.oracle.locked(task, asking)
        self.leases[task, session.id] = lease

    @precondition(lambda self: self.leases)
    @rule(data=st.data())
    def gives_back(self, data: st.DataObject) -> None:
        lease = self._some_lease(data)
        self.stores[lease.person].release(lease)
        self.oracle.freed(lease.task, lease.fence)

    @precondition(lambda self: self.leases)
    @rule(data=st.data())
    def renews(self, data: st.DataObject) -> None:
        lease = self._some_lease(data)
        if self.oracle.is_current(lease.task, lease.fence):
            assert self.stores[lease.person].renew(lease).fence == lease.fence
            self.oracle.prolong(lease.task)
            return
        with pytest.raises(StoreFenced):
            self.stores[lease.person].renew(lease)

    def _some_lease(self, data: st.DataObject) -> Lease:
        return self.leases[data.draw(st.sampled_from(sorted(self.leases)))]

    @rule(
        ms=st.sampled_from([0, 1, LIFE_MS // 2 + 1, LIFE_MS - 1, LIFE_MS]),
        correction=st.sampled_from([0, 1, -1, LIFE_MS, -LIFE_MS, 86_400_000, -86_400_000]),
    )
    def time_passes_and_the_clock_is_set(self, ms: int, correction: int) -> None:
        self.clock.pass_ms(ms)
        self.clock.set_wall(correction)

    @rule()
    def the_machine_restarts(self) -> None:
        self.clock.restart()

    @rule(person=st.sampled_from(["ann", "bo"]))
    def a_process_restarts(self, person: str) -> None:
        self.stores[person].close()
        self.stores[person] = self.opened()

    # --- what holds always -----------------------------------------------------------------------

    @invariant()
    def both_people_see_what_the_oracle_says(self) -> None:
        for key in sorted(self.touched):
            for person, store in self.stores.items():
                opened = store.open(key, person)
                assert opened.document.same(self._document(key))
                assert opened.seq == len(self.oracle.tasks[key].kept) + 1
                assert opened.view == self.oracle.tasks[key].views.get(person, {})
                assert store.last_task(person) == self.oracle.last_task.get(person)
        self.touched.clear()

    @invariant()
    def the_queue_shows_what_the_oracle_says(self) -> None:
        store = self.stores["bo"]
        rows = store.tasks(TaskQuery())
        assert [row.id for row in rows] == self.oracle.in_order()
        for row in rows:
            now = self._document(row.id)
            shown = (row.label_count, row.issue_count, row.stage, row.state, row.assignee)
            assert shown == (
                now.label_count,
                len(now.open_issues()),
                now.status.stage,
                now.status.state,
                now.status.assignee,
            )
        statuses = [self._document(key).status for key in KEYS]
        assert dict(store.count(TaskQuery())) == Counter((s.stage, str(s.state)) for s in statuses)

    @invariant()
    def the_holder_is_who_the_oracle_says(self) -> None:
        for key in KEYS:
            lease, lock = self.stores["ann"].holder(key), self.oracle.tasks[key].lock
            found = (lease.session, lease.fence) if lease else None
            assert found == ((lock.session, lock.fence) if self.oracle.is_held(key) else None)

    @invariant()
    def the_journal_leads_from_the_import_to_the_state(self) -> None:
        self.steps += 1
        if self.steps % JOURNAL_EVERY == 0:
            for key in KEYS:
                self._check_journal(key)

    def _check_journal(self, key: TaskId) -> None:
        task, store = self.oracle.tasks[key], self.stores["bo"]
        entries = list(store.journal(key, after=1))
        assert [e.idem for e in task.kept] == [e.idem for e in entries]
        assert [e.person for e in task.kept] == [e.person for e in entries]
        assert task.undone == {e.idem for e in entries if e.undone}
        assert [_newest(e.undoes) for e in task.kept] == [_name(entries, e.undoes) for e in entries]
        assert verify_journal(store, key) == len(task.kept) + 1
        assert as_imported(store, key).same(self.start[key])


def _newest(undoes: str) -> str:
    return undoes.partition(" ")[0]


def _name(entries: list[JournalEntry], seq: int | None) -> str:
    return "" if seq is None else entries[seq - 2].idem


def memory(clock: FakeClock, _folder: Path) -> Callable[[], ProjectStore]:
    """Return what opens the store in memory: one for both people."""
    store = MemoryStore(project(), now=clock, here=HERE)
    return lambda: store


def sqlite(clock: FakeClock, folder: Path) -> Callable[[], ProjectStore]:
    """Return what opens a store on disk, each time with a connection of its own."""
    path = folder / "project.db"

    def opened() -> ProjectStore:
        made = None if path.exists() else project()
        store = SqliteStore(path, made, now=clock, here=HERE, ballast=0)
        store._db.db.pragma("synchronous", "off")  # what a power cut leaves is another test's subject
        return store

    return opened


def machine(make: Callable[[FakeClock, Path], Callable[[], ProjectStore]]) -> type[StoreMachine]:
    """Return the machine over one engine."""
    return type("Machine", (StoreMachine,), {"make": staticmethod(make)})
