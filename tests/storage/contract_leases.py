"""What every project store must do: locks, views, proofs of frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from tests.storage.engine import TASK, Engine, StoreSuite
from tests.storage.samples import (
    ANN,
    BO,
    CAR,
    edit,
    imported,
    moved,
)
from tui_editor.errors import StoreFenced, StoreLocked
from tui_editor.model.frames import FrameIdentity
from tui_editor.model.ids import TaskId, UnitId
from tui_editor.storage.leases import TTL_MS

if TYPE_CHECKING:
    from tui_editor.ports import ProjectStore

FIXED = FrameIdentity(algorithm="planes-blake2b", digest="ab", pts=40)


class LeaseContract(StoreSuite):
    """The suite."""

    # --- leases ----------------------------------------------------------------------------------

    def test_a_lock_is_held_by_one_session(self, store: ProjectStore) -> None:
        lease = store.acquire(TASK, ANN)

        with pytest.raises(StoreLocked, match="ann"):
            store.acquire(TASK, BO)
        assert store.holder(TASK) == lease
        assert (lease.session, lease.person, lease.tty) == (ANN.id, "ann", "tty1")

    def test_a_free_lock_has_no_holder(self, store: ProjectStore) -> None:
        assert store.holder(TASK) is None

    def test_the_same_session_may_lock_again(self, store: ProjectStore) -> None:
        first = store.acquire(TASK, ANN)

        assert store.acquire(TASK, ANN).fence > first.fence

    def test_taking_over_makes_the_old_lock_worthless(self, store: ProjectStore) -> None:
        old = store.acquire(TASK, ANN)
        new = store.acquire(TASK, BO, take=True)
        now = store.open(TASK).document

        answers = store.commit(
            [edit(moved(now, 3, 9.5), fence=old.fence), edit(moved(now, 4, 9.5), BO, fence=new.fence)]
        )

        assert [StoreFenced, int] == [type(a) for a in answers]
        with pytest.raises(StoreFenced):
            store.renew(old)
        store.release(old)
        assert store.holder(TASK) == new

    def test_a_lock_that_was_given_back_is_worth_nothing(self, store: ProjectStore) -> None:
        lease = store.acquire(TASK, ANN)
        store.release(lease)

        (answer,) = store.commit([edit(moved(store.open(TASK).document, 3, 9.5), fence=lease.fence)])

        assert isinstance(answer, StoreFenced)
        assert store.holder(TASK) is None
        assert store.acquire(TASK, BO).fence > lease.fence

    def test_a_tool_without_a_lock_may_write_only_where_nobody_edits(self, store: ProjectStore) -> None:
        now = store.open(TASK).document
        assert list(store.commit([edit(moved(now, 3, 9.5), BO)])) == [2]
        lease = store.acquire(TASK, ANN)

        (refused,) = store.commit([edit(moved(now, 4, 9.5), BO)])
        store.release(lease)
        (kept,) = store.commit([edit(moved(now, 4, 9.5), BO)])

        assert isinstance(refused, StoreLocked)
        assert kept == 3

    def test_a_lock_ends_without_a_sign_of_life(self, engine: Engine, store: ProjectStore) -> None:
        old = store.acquire(TASK, ANN)
        engine.clock.pass_ms(TTL_MS - 1)
        assert store.holder(TASK) == old
        engine.clock.pass_ms(1)

        assert store.holder(TASK) is None
        assert store.acquire(TASK, BO).fence > old.fence

    def test_who_gave_no_sign_of_life_in_time_is_told_where_that_is_asked(
        self, engine: Engine, store: ProjectStore
    ) -> None:
        lease = store.acquire(TASK, ANN)
        assert store.holder(TASK, stale=True) == lease
        engine.clock.pass_ms(TTL_MS)

        assert store.holder(TASK, stale=True) == replace(lease, live=False)
        store.release(lease)
        assert store.holder(TASK, stale=True) is None

    def test_who_is_gone_for_certain_is_not_told_as_a_holder(self, engine: Engine, store: ProjectStore) -> None:
        store.acquire(TASK, replace(ANN, pid=2**22 + 1))
        assert store.holder(TASK, stale=True) is None
        store.acquire(TASK, ANN)
        engine.clock.restart()
        assert store.holder(TASK, stale=True) is None

    def test_a_silent_holder_on_another_machine_may_come_back(self, engine: Engine, store: ProjectStore) -> None:
        store.acquire(TASK, replace(ANN, host="elsewhere", pid=2**22 + 1))
        engine.clock.pass_ms(TTL_MS)
        found = store.holder(TASK, stale=True)

        assert found is not None
        assert not found.live

    def test_an_expired_lock_that_nobody_took_still_writes(self, engine: Engine, store: ProjectStore) -> None:
        lease = store.acquire(TASK, ANN)
        engine.clock.pass_ms(10 * TTL_MS)

        assert list(store.commit([edit(moved(store.open(TASK).document, 3, 9.5), fence=lease.fence)])) == [2]
        assert store.holder(TASK) is not None

    def test_renewing_and_editing_prolong_a_lock(self, engine: Engine, store: ProjectStore) -> None:
        lease = store.acquire(TASK, ANN)
        engine.clock.pass_ms(TTL_MS - 1)
        renewed = store.renew(lease)
        engine.clock.pass_ms(TTL_MS - 1)
        store.commit([edit(moved(store.open(TASK).document, 3, 9.5), fence=renewed.fence)])
        engine.clock.pass_ms(TTL_MS - 1)

        assert lease.fence == renewed.fence
        assert store.holder(TASK) is not None

    def test_a_corrected_wall_clock_neither_ends_nor_prolongs_a_lock(self, engine: Engine, store: ProjectStore) -> None:
        store.acquire(TASK, ANN)
        engine.clock.set_wall(24 * 3_600_000)
        assert store.holder(TASK) is not None
        engine.clock.set_wall(-48 * 3_600_000)
        engine.clock.pass_ms(TTL_MS)

        assert store.holder(TASK) is None

    def test_a_restart_of_the_machine_frees_its_locks(self, engine: Engine, store: ProjectStore) -> None:
        store.acquire(TASK, ANN)
        engine.clock.restart()

        assert store.holder(TASK) is None

    def test_the_lock_of_a_process_that_is_gone_is_free(self, store: ProjectStore) -> None:
        gone = replace(ANN, pid=2**22 + 1)  # beyond the largest number of a Linux process

        store.acquire(TASK, gone)

        assert store.holder(TASK) is None
        store.acquire(TASK, BO)

    def test_a_lock_from_another_machine_ends_by_the_wall_clock(self, engine: Engine, store: ProjectStore) -> None:
        store.acquire(TASK, replace(ANN, host="elsewhere", pid=2**22 + 1))
        engine.clock.restart()
        assert store.holder(TASK) is not None
        engine.clock.pass_ms(TTL_MS)

        assert store.holder(TASK) is None

    # --- views and identities --------------------------------------------------------------------

    def test_each_person_comes_back_to_where_they_were(self, engine: Engine, store: ProjectStore) -> None:
        now = store.open(TASK).document
        store.commit([edit(moved(now, 3, 9.5), view={"frame": 3, "selection": [CAR]})])
        store.save_view(TASK, "bo", {"frame": 9})
        store.close()

        again = engine.reopen()
        assert [again.open(TASK, person).view for person in ("ann", "bo", "")] == [
            {"frame": 3, "selection": [CAR]},
            {"frame": 9},
            {},
        ]

    def test_of_the_place_that_was_kept_and_those_that_edits_left_the_latest_counts(self, store: ProjectStore) -> None:
        now = store.open(TASK).document
        store.commit([edit(moved(now, 3, 9.5), view={"frame": 3})])
        store.save_view(TASK, "ann", {"frame": 5})
        kept = store.open(TASK, "ann").view
        store.commit([edit(moved(store.open(TASK).document, 4, 1.5), view={"frame": 4})])

        assert (kept, store.open(TASK, "ann").view) == ({"frame": 5}, {"frame": 4})

    def test_the_last_task_of_a_person_is_known(self, store: ProjectStore) -> None:
        store.add_tasks([imported(12)], "ann")
        assert store.last_task("ann") is None
        store.save_view(TaskId(12), "ann", {"frame": 1})
        store.commit([edit(moved(store.open(TASK).document, 3, 9.5), BO, view={"frame": 3})])

        assert (TaskId(12), TASK) == (store.last_task("ann"), store.last_task("bo"))

    def test_what_proves_a_frame_is_recorded_once(self, store: ProjectStore) -> None:
        still = FrameIdentity(algorithm="file-blake2b", digest="cd")
        store.save_identities(UnitId(7), {0: FIXED})
        store.save_identities(UnitId(7), {0: still, 1: still})

        assert {0: FIXED, 1: still} == dict(store.identities(UnitId(7)))
        assert dict(store.identities(UnitId(8))) == {}
