"""One-line faults of the store, each of which a test must catch. `make mutants` puts them in, one at a time, in a copy.

python -m tests.storage.mutants [PART OF A FACT…]
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
SOURCE = "src/tui_editor"
COPIED = ("src", "tests/storage", "tests/support", "tests/crash", "tests/api", "tests/state")
WORKERS = 2
CONTRACT = ("tests/storage/test_memory.py", "tests/storage/test_sqlite_contract.py")
MACHINE = ("tests/storage/test_machine.py",)
SQLITE = ("tests/storage/test_sqlite.py",)
CUTS = ("tests/crash/test_power_cut.py",)
SEQUENCES = 150
TESTS_FAILED = 1
"""Pytest's exit code; another one means that they did not run."""
ENDLESS_S = 600


class Mutant(Struct, frozen=True):
    """A fault: one line of a file that becomes another one."""

    fact: str
    """What does not hold with it."""
    file: str
    line: str
    becomes: str
    tests: tuple[str, ...] = (*CONTRACT, *MACHINE)


LEASES, EDITS, CHUNKS = "storage/leases.py", "storage/sqlite/edits.py", "storage/sqlite/chunks.py"
QUEUE, JOURNAL, VIEWS = "storage/sqlite/queue.py", "storage/sqlite/journal.py", "storage/sqlite/views.py"
MEMORY = "storage/memory.py"
LIVE = "return record.expires_boot_ms > now.boot_ms and host.pid_alive(record.pid)"
HOLDS = "return bool(session) and kept == fence"
LIFE = "return replace(record, expires_ms=now.wall_ms + TTL_MS, expires_boot_ms=now.boot_ms + TTL_MS)"

MUTANTS = (
    # locks
    Mutant("taking over makes the old fence worthless", LEASES, "fence=record.fence + 1,", "fence=record.fence or 1,"),
    Mutant("fences grow over giving back", LEASES, "return LeaseRecord(fence=record.fence)", "return LeaseRecord()"),
    Mutant(
        "one session holds a lock",
        LEASES,
        "if not take and record.session != session.id and is_live(record, now, here):",
        "if False:",
    ),
    Mutant("a lock ends without a sign of life", LEASES, LIVE, "return host.pid_alive(record.pid)"),
    Mutant("a dead process holds nothing", LEASES, LIVE, "return record.expires_boot_ms > now.boot_ms"),
    Mutant("a restart frees the locks", LEASES, "if record.boot_id != now.boot_id:", "if False:"),
    Mutant("a lock from elsewhere ends", LEASES, "return record.expires_ms > now.wall_ms", "return True"),
    Mutant("a clock that is set ends no lock", LEASES, LIVE, "return record.expires_ms > now.wall_ms"),
    Mutant("a stale holder writes nothing", LEASES, HOLDS, "return bool(session)"),
    Mutant("a lock that was given back is worth nothing", LEASES, HOLDS, "return kept == fence"),
    Mutant("renewing prolongs", LEASES, LIFE, "return replace(record, expires_ms=now.wall_ms + TTL_MS)"),
    Mutant(
        "a tool without a lock waits",
        LEASES,
        "elif record.session != session and is_live(record, now, here):",
        "elif False:",
    ),
    Mutant(
        "the fence of each edit is looked at",
        EDITS,
        "if edit.fence is None or not leases.holds(fence, session, edit.fence):",
        "if edit.fence is None:",
    ),
    Mutant(
        "the fence is looked at in memory",
        MEMORY,
        "leases.check_write(kept.lease, edit.session, edit.fence, now, self._here)",
        "pass",
    ),
    Mutant(
        "editing prolongs",
        EDITS,
        "if edit.fence is not None and leases.is_ageing(expires_boot_ms, now):",
        "if False:",
    ),
    # the journal, retries, undo
    Mutant("a retry is kept once", EDITS, "if kept_as is not None:", "if False:"),
    Mutant("what was taken back is not taken back again", EDITS, "if found[1]:", "if False:"),
    Mutant(
        "an undo is marked",
        EDITS,
        'db.do("update journal set undone = 1 where id = ?", (journal.id_of(num, found[0]),))',
        "pass",
    ),
    Mutant(
        "an undo names the newest that it takes back",
        EDITS,
        "return max(_mark_one(db, num, idem) for idem in undoes.split())",
        "return min(_mark_one(db, num, idem) for idem in undoes.split())",
    ),
    Mutant(
        "no entry is left out between pages",
        JOURNAL,
        "after = found[-1].seq",
        "after = found[-1].seq + 1",
        SQLITE,
    ),
    Mutant(
        "only what still holds is taken back",
        "state/taking_back.py",
        "and not entry.undone",
        "and True",
        ("tests/state/test_taking_back.py",),
    ),
    # what an edit changes
    Mutant("nobody's change is overwritten", EDITS, "if not _holds(row, before, table.kind):", "if False:"),
    Mutant("a refused edit leaves nothing", EDITS, "with db.savepoint():", "if True:"),
    Mutant("all are kept together or none", EDITS, "if together and len(edits) > 1:", "if False:"),
    Mutant("places go back with them", MEMORY, "self._last = last", "pass"),
    Mutant(
        "labels are counted",
        EDITS,
        "self._labels += len(change.after) - len(change.before)",
        "self._labels += len(change.after)",
    ),
    Mutant(
        "open issues are counted",
        EDITS,
        "self._open_issues += _is_open(new) - _is_open(old)",
        "self._open_issues += _is_open(new)",
    ),
    Mutant("labels of new frames are kept", CHUNKS, "elif len(new):", "elif False:"),
    Mutant("the last label of a piece goes", CHUNKS, "if row and not len(new):", "if False:"),
    Mutant(
        "an ordinal is not given twice",
        EDITS,
        "(self._num, instance.class_id, instance.ordinal + 1),",
        "(self._num, instance.class_id, instance.ordinal),",
    ),
    # tasks that are handed out
    Mutant("of two who take a task one gets it", EDITS, "if tasks.status_of(self._status) != before:", "if False:"),
    Mutant(
        "who has a task is kept",
        EDITS,
        "self._status = (after.stage, after.state, after.assignee, after.author, after.reviewer)",
        'self._status = (after.stage, after.state, "", after.author, after.reviewer)',
    ),
    Mutant(
        "what somebody has is not handed out",
        QUEUE,
        "_FREE: Final = \"assignee = '' and state in ('new', 'released', 'reopened')\"",
        "_FREE: Final = \"state in ('new', 'assigned', 'released', 'reopened')\"",
    ),
    Mutant(
        "what a manager may take is not handed out either",
        "api/workflow.py",
        'if document.status.assignee not in {"", stamp.person}:',
        "if False:",
        ("tests/api/test_workflow.py",),
    ),
    # places
    Mutant(
        "everybody's place is found",
        EDITS,
        "if last_person != edit.person:",
        "if False:",
        SQLITE,
    ),
    Mutant("the last task is kept", EDITS, "if view and last_task != num:", "if False:"),
    Mutant(
        "a place that was kept later wins",
        VIEWS,
        "since = max(saved[1] if saved else 0, seq - _LOOKED_AT, 0)",
        "since = max(seq - _LOOKED_AT, 0)",
    ),
    # the disk
    Mutant(
        "what was acknowledged outlives a power cut",
        "storage/sqlite/connection.py",
        'for pragma in ("synchronous = full", "foreign_keys = on", "trusted_schema = off", "cache_size = -32768"):',
        'for pragma in ("synchronous = normal", "foreign_keys = on", "trusted_schema = off", "cache_size = -32768"):',
        CUTS,
    ),
    Mutant(
        "what is acknowledged was committed",
        "storage/sqlite/connection.py",
        "self._on.commit()",
        "self._on.db.execute('rollback')",
    ),
)


def places(mutant: Mutant, root: Path = ROOT) -> list[int]:
    """Return the numbers of the lines, from 0, that a mutant could change: one, or its text is out of date."""
    lines = (root / SOURCE / mutant.file).read_text("utf-8").splitlines()
    return [number for number, line in enumerate(lines) if line.strip() == mutant.line]


class Caught(Struct, frozen=True):
    """How a mutant fared."""

    mutant: Mutant
    by: str
    """The first test that failed; empty: none did."""
    seconds: float


class Copy:
    """A copy of the sources and tests, in which one line at a time is wrong.

    Args:
        folder: Where to make it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._changes = 0
        for part in COPIED:
            shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("pyproject.toml", "tests/__init__.py", "tests/conftest.py"):
            shutil.copy(ROOT / name, folder / name)

    def fails(self, tests: tuple[str, ...]) -> str:
        """Return the first test that fails, empty when all pass.

        Raises:
            RuntimeError: they could not be run.
        """
        env = {
            **os.environ,
            "PYTHONPATH": str(self._folder / "src"),
            "HYPOTHESIS_PROFILE": "no-shrinking",
            "TUI_EDITOR_SEQUENCES": str(SEQUENCES),
        }
        command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=no", "-p", "no:cacheprovider", *tests]
        done = subprocess.run(
            command, cwd=self._folder, env=env, capture_output=True, text=True, timeout=ENDLESS_S, check=False
        )
        if done.returncode not in {0, TESTS_FAILED}:
            raise RuntimeError(f"the tests did not run:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        failed = [line for line in done.stdout.splitlines() if line.startswith("FAILED ")]
        return failed[0].split()[1].rpartition("/")[2] if failed else ""

    def try_out(self, mutant: Mutant) -> Caught:
        """Put a fault in, run the tests, take it out again."""
        path = self._folder / SOURCE / mutant.file
        right = path.read_text("utf-8")
        lines = right.splitlines()
        (number,) = places(mutant, self._folder)
        indent = lines[number][: -len(mutant.line)]
        lines[number] = indent + mutant.becomes
        began = time.monotonic()
        try:
            self._write(path, "\n".join(lines) + "\n")
            return Caught(mutant, self.fails(mutant.tests), time.monotonic() - began)
        finally:
            self._write(path, right)

    def _write(self, path: Path, text: str) -> None:
        """Write a file with a time of its own: Python tells by it that what it compiled is out of date."""
        path.write_text(text, "utf-8")
        self._changes += 1
        at = time.time() + 10 * self._changes
        os.utime(path, (at, at))


def try_out_all(mutants: tuple[Mutant, ...], tell: Callable[[Caught], None]) -> None:
    """Try every mutant, a few at a time, each told as soon as it is done.

    Raises:
        RuntimeError: the tests fail, or can't be run, without a fault.
    """
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copies: SimpleQueue[Copy] = SimpleQueue()
        for number in range(WORKERS):
            copies.put(Copy(Path(folder) / str(number)))
        _need_success(copies, mutants)

        def one(mutant: Mutant) -> None:
            copy = copies.get()
            try:
                tell(copy.try_out(mutant))
            finally:
                copies.put(copy)

        with ThreadPoolExecutor(WORKERS) as pool:
            list(pool.map(one, mutants))


def _need_success(copies: SimpleQueue[Copy], mutants: tuple[Mutant, ...]) -> None:
    copy = copies.get()
    tests = tuple(sorted({test for mutant in mutants for test in mutant.tests}))
    if failed := copy.fails(tests):
        raise RuntimeError(f"{failed} fails without any fault")
    copies.put(copy)


def survivors(mutants: tuple[Mutant, ...] = MUTANTS) -> list[Mutant]:
    """Try mutants and print how each fared; return those that no test caught."""
    alive: list[Mutant] = []

    def tell(caught: Caught) -> None:
        how = f"caught in {caught.seconds:3.0f} s by {caught.by}" if caught.by else "SURVIVED"
        print(f"{caught.mutant.fact:50} {how}", flush=True)  # noqa: T201  # what the program is for
        if not caught.by:
            alive.append(caught.mutant)

    try_out_all(mutants, tell)
    return alive


def main(parts: list[str]) -> int:
    """Try the mutants whose fact holds one of the parts; all without any."""
    chosen = tuple(m for m in MUTANTS if not parts or any(part in m.fact for part in parts))
    return 1 if survivors(chosen) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
