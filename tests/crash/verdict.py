"""What a crew's logs and its store together prove, or what they prove wrong."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import Struct, field

from tests.crash.crew import MEMBERS, TTL_MS
from tests.crash.witness import read_log
from tui_editor.model.ids import TaskId
from tui_editor.model.patch import StatusChange
from tui_editor.model.project import TaskQuery
from tui_editor.storage.locate import open_store
from tui_editor.storage.replay import verify_journal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.crash.crew import Run
    from tui_editor.ports import JournalEntry
    from tui_editor.storage.sqlite.store import SqliteStore

TTL_NS = TTL_MS * 1_000_000


class Intent(Struct, frozen=True):
    """An edit that a process was about to hand to the store."""

    began_ns: int
    fence: int | None
    command: str
    log: str


class Kept(Struct, frozen=True):
    """An edit that the store acknowledged."""

    began_ns: int
    ended_ns: int
    task: TaskId
    seq: int


class Hold(Struct):
    """A lock that a process got, and the last signs of its holder's life."""

    task: TaskId
    fence: int
    began_ns: int
    ended_ns: int
    taken_over: bool
    log: str
    gone_ns: int = 0
    """When its holder began to give it back, or was killed; 0: not as far as it is known."""
    alive_ns: int = 0
    """When its last acknowledged edit was begun: the lock lives at least half a life from then on."""


class Logs(Struct):
    """What the processes wrote down."""

    intents: dict[str, Intent] = field(default_factory=dict)
    kept: dict[str, Kept] = field(default_factory=dict)
    submitted_ns: dict[str, int] = field(default_factory=dict)
    slot_of: dict[str, int] = field(default_factory=dict)
    """Who submitted an edit, by the edit's name."""
    holds: list[Hold] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    claims: int = 0


def read_logs(run: Run) -> Logs:
    """Return what the processes of a crew wrote down."""
    found = Logs()
    for path in sorted(run.logs.iterdir()):
        _read(path, found, run.killed_ns.get(path.name, 0))
    return found


def _read(path: Path, found: Logs, killed_ns: int) -> None:
    held: dict[tuple[int, int], Hold] = {}
    slot = int(path.name.partition("-")[0])
    for line in read_log(path):
        match line:
            case ["intent", began, idem, _task, fence, _session, command]:
                found.intents[idem] = Intent(began, fence, command, path.name)
            case ["submitted", at, idem]:
                found.submitted_ns[idem], found.slot_of[idem] = at, slot
            case ["kept", began, ended, idem, task, seq]:
                found.kept.setdefault(idem, Kept(began, ended, TaskId(task), seq))
                fence = found.intents[idem].fence
                if fence is not None and (hold := held.get((task, fence))) is not None:
                    hold.alive_ns = began
            case ["refused", _at, _idem, why]:
                found.refused[why] += 1
            case ["acquired", began, ended, task, fence, _session, taken_over]:
                held[task, fence] = Hold(TaskId(task), fence, began, ended, taken_over, path.name)
            case ["released", began, task, fence]:
                held[task, fence].gone_ns = held[task, fence].gone_ns or began
            case ["claimed", *_]:
                found.claims += 1
    for hold in held.values():
        hold.gone_ns = hold.gone_ns or killed_ns
    found.holds += held.values()


class Verdict(Struct):
    """What was found wrong, and the figures of the proof."""

    faults: list[str] = field(default_factory=list)
    figures: dict[str, float] = field(default_factory=dict)


def judge(run: Run) -> Verdict:
    """Return what a crew's logs and its store together prove."""
    logs, verdict = read_logs(run), Verdict()
    store = open_store(run.folder)
    try:
        verdict.faults += [f"integrity: {fault}" for fault in store.check()]
        journals = {row.id: list(store.journal(row.id)) for row in store.tasks(TaskQuery(limit=run.tasks))}
        for task in sorted(journals):
            verify_journal(store, task)
            verdict.faults += _status_faults(store, task, journals[task])
        verdict.faults += _count_faults(store)
    finally:
        store.close()
    verdict.faults += [*_lost(logs, journals), *_unknown(logs, journals), *_doubled(journals)]
    verdict.faults += [*_stale(logs, journals), *_fence_faults(logs)]
    verdict.figures = _figures(run, logs, journals)
    return verdict


# --- the store ---------------------------------------------------------------------------------------


def _status_faults(store: SqliteStore, task: TaskId, entries: Sequence[JournalEntry]) -> Iterator[str]:
    """Yield where the workflow's steps are no chain that ends where the task stands."""
    status = None
    for entry in entries:
        for change in entry.patch.changes:
            if isinstance(change, StatusChange):
                if status is not None and change.before != status:
                    yield f"task {task}: entry {entry.seq} does not begin where the one before ended"
                status = change.after
    if status is not None and status != store.status(task):
        yield f"task {task} does not stand where its journal leads"


def _count_faults(store: SqliteStore) -> Iterator[str]:
    """Yield where the queue's counts are not those of the tasks."""
    rows = store.tasks(TaskQuery(limit=1_000_000))
    counted = Counter((row.stage, str(row.state)) for row in rows)
    if counted != dict(store.count(TaskQuery())):
        yield "the tally is not the count of the tasks"
    for row in rows:
        now = store.open(row.id).document
        if (row.label_count, row.issue_count) != (now.label_count, len(now.open_issues())):
            yield f"task {row.id}: its labels or issues are counted wrong"


# --- edits -------------------------------------------------------------------------------------------

Journals = dict[TaskId, "list[JournalEntry]"]


def _lost(logs: Logs, journals: Journals) -> Iterator[str]:
    for idem, kept in logs.kept.items():
        entries = journals[kept.task]
        if kept.seq > len(entries) or entries[kept.seq - 1].idem != idem:
            yield f"task {kept.task}: the acknowledged edit {kept.seq} is lost"


def _unknown(logs: Logs, journals: Journals) -> Iterator[str]:
    """Yield the entries that no process wrote."""
    for task, entries in journals.items():
        for entry in entries[1:]:
            if entry.idem not in logs.intents:
                yield f"task {task}: nobody wrote entry {entry.seq}"


def _doubled(journals: Journals) -> Iterator[str]:
    """Yield the tasks that were handed out while somebody had them."""
    for task, entries in journals.items():
        for entry in entries:
            for change in entry.patch.changes:
                if not isinstance(change, StatusChange) or entry.command != "task.take":
                    continue
                if change.before.assignee not in {"", entry.person}:
                    yield f"task {task}: {entry.person} was given what {change.before.assignee} had, entry {entry.seq}"


def _stale(logs: Logs, journals: Journals) -> Iterator[str]:
    """Yield the entries that were written with a lock which somebody else had got in the meantime."""
    taken: dict[TaskId, list[Hold]] = defaultdict(list)
    for hold in logs.holds:
        taken[hold.task].append(hold)
    for task, entries in journals.items():
        highest = 0
        for entry in entries[1:]:
            intent = logs.intents.get(entry.idem)
            if intent is None or intent.fence is None:
                continue
            if intent.fence < highest:
                yield f"task {task}: entry {entry.seq} has fence {intent.fence}, one before it {highest}"
            highest = max(highest, intent.fence)
            newer = (h for h in taken[task] if h.fence > intent.fence and h.ended_ns < intent.began_ns)
            for later in newer:
                yield f"task {task}: entry {entry.seq} with fence {intent.fence} came after {later.fence} was given"


def _fence_faults(logs: Logs) -> Iterator[str]:
    """Yield the locks that were not above all before them, or were given while somebody had them."""
    by_task: dict[TaskId, list[Hold]] = defaultdict(list)
    for hold in sorted(logs.holds, key=lambda h: (h.task, h.fence)):
        by_task[hold.task].append(hold)
    for task, holds in by_task.items():
        for before, after in pairwise(holds):
            if after.fence == before.fence:
                yield f"task {task}: fence {after.fence} was given twice"
            if after.ended_ns < before.began_ns:
                yield f"task {task}: fence {before.fence} was given after {after.fence}"
            if not after.taken_over and _surely_held(before, after.ended_ns):
                yield f"task {task}: fence {after.fence} was given while {before.log} held {before.fence}"


def _surely_held(hold: Hold, at_ns: int) -> bool:
    """Return whether a lock was its holder's at a time, whatever the processes did not write down."""
    if hold.gone_ns and hold.gone_ns < at_ns:
        return False
    return at_ns < max(hold.began_ns + TTL_NS, hold.alive_ns + TTL_NS // 2)


# --- figures -----------------------------------------------------------------------------------------


def _figures(run: Run, logs: Logs, journals: Journals) -> dict[str, float]:
    waits = sorted(_waits_ms(run, logs))
    shares = Counter(logs.slot_of[idem] for idem in logs.kept if idem in logs.slot_of)
    by_slot = [shares[slot] for slot in range(MEMBERS)]
    commands = Counter(entry.command for entries in journals.values() for entry in entries)
    kinds = Counter(str(entry.kind) for entries in journals.values() for entry in entries)
    return {
        "seconds": run.seconds,
        "processes": MEMBERS,
        "edits acknowledged": len(logs.kept),
        "entries in the journals": sum(len(entries) for entries in journals.values()),
        "tasks handed out": logs.claims,
        "taken or given back": commands["task.take"] + commands["task.release"],
        "steps of issues": sum(commands[c] for c in ("issue.discuss", "issue.reply", "issue.resolve")),
        "undone, redone": kinds["undo"] + kinds["redo"],
        "moves in the workflow": kinds["workflow"],
        "locks given": len(logs.holds),
        "taken over": sum(hold.taken_over for hold in logs.holds),
        "stopped beyond the lock's life": sum(s.ended_ns - s.began_ns > TTL_NS for s in run.stops),
        "stopped": len(run.stops),
        "killed": len(run.killed_ns),
        "refused as stale": logs.refused["StoreFenced"],
        "refused otherwise": logs.refused.total() - logs.refused["StoreFenced"],
        "edit p50 ms": _percentile(waits, 0.5),
        "edit p99 ms": _percentile(waits, 0.99),
        "edit worst ms": _percentile(waits, 1.0),
        "machine late p99 ms": _percentile(sorted(run.late_ms), 0.99),
        "least / most edits of a process": round(min(by_slot) / max(by_slot), 3),
    }


def _waits_ms(run: Run, logs: Logs) -> Iterator[float]:
    """Yield from key to disk, in milliseconds, for the edits during which their own process was not stopped."""
    stops: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for stop in run.stops:
        stops[stop.slot].append((stop.began_ns, stop.ended_ns))
    for idem, kept in logs.kept.items():
        began = logs.submitted_ns.get(idem)
        if began is None or any(a < kept.ended_ns and began < b for a, b in stops[logs.slot_of[idem]]):
            continue
        yield (kept.ended_ns - began) / 1e6


def _percentile(ordered: Sequence[float], share: float) -> float:
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 2) if ordered else 0.0
