"""Checks beside the event loop: one at a time, what an edit overtook is dropped, long ones are followed by a rest."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.doctext import opened
from tui_editor.commands.context import Context, Loop
from tui_editor.commands.headless import HeadlessFront
from tui_editor.errors import Refused
from tui_editor.state.findings import Found
from tui_editor.ui import watch
from tui_editor.ui.side_thread import SideThread
from tui_editor.ui.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.model.document import LabelDocument

CAR = "car@0 box 10,10 20,20"


class Jobs:
    """In place of the thread: jobs are done when a test says so."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Callable[[], Any], Callable[[Callable[[], Any]], None]]] = []

    def do(self, job: Callable[[], Any], done: Callable[[Callable[[], Any]], None]) -> None:
        self.waiting.append((job, done))

    def work(self) -> None:
        job, done = self.waiting.pop(0)
        result = job()
        done(lambda: result)


class Seen:
    """In place of the checks: notes what it looked at."""

    def __init__(self) -> None:
        self.documents: list[LabelDocument] = []

    def are_of(self, task: object, project: object) -> bool:
        del task, project
        return True

    def look(self, document: LabelDocument) -> Found:
        self.documents.append(document)
        return Found(document=document)


class Bench:
    def __init__(self) -> None:
        self.store = opened(CAR)
        self.seen = Seen()
        self.jobs = Jobs()
        self.later: list[tuple[float, Callable[[], None]]] = []
        loop = Loop(checks=self.seen)  # type: ignore[arg-type]  # it looks as the checks do
        context = Context(front=HeadlessFront(), task=self.store, loop=loop)
        self.watch = Watch(lambda: context, self.jobs, lambda s, then: self.later.append((s, then)))  # type: ignore[arg-type]  # as above

    def edit(self) -> None:
        from tui_editor.edits.labels import delete_labels
        from tui_editor.edits.stamp import Stamp

        state = self.store.state
        (instance,) = state.document.instances
        patch = delete_labels(state.document, [instance], state.frame, Stamp("me", 1))
        self.store.apply(patch, "test")

    def rested(self) -> None:
        for _, then in self.later:
            then()
        self.later.clear()


def checked(bench: Bench) -> LabelDocument | None:
    found = bench.store.state.findings
    return found.document if found is not None else None


def test_a_task_is_checked_once_while_nothing_changes() -> None:
    bench = Bench()
    bench.watch.look()
    bench.watch.look()
    bench.jobs.work()
    bench.watch.look()
    assert (len(bench.seen.documents), bench.jobs.waiting) == (1, [])
    assert bench.store.state.findings is not None


def test_findings_of_labels_that_were_edited_meanwhile_are_dropped_and_the_new_ones_checked() -> None:
    bench = Bench()
    bench.watch.look()
    bench.edit()
    bench.jobs.work()
    assert checked(bench) is None
    bench.rested()
    bench.jobs.work()
    assert checked(bench) is bench.store.state.document


def test_a_check_is_followed_by_a_rest() -> None:
    bench = Bench()
    bench.watch.look()
    bench.jobs.work()
    bench.edit()
    bench.watch._rest_until += 60
    bench.watch.look()
    assert (bench.jobs.waiting, len(bench.later)) == ([], 1)
    bench.rested()
    assert len(bench.jobs.waiting) == 1


def test_a_task_with_very_many_labels_is_checked_only_when_somebody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "MOST_LABELS", 0)
    bench = Bench()
    bench.watch.look()
    assert bench.jobs.waiting == []
    bench.store.set(findings=Found(document=bench.store.state.document))
    bench.edit()
    bench.watch.look()
    assert len(bench.jobs.waiting) == 1


# --- the thread ----------------------------------------------------------------------------------------


def answering(answers: list[Callable[[], None]], came: threading.Event) -> Callable[[Callable[[], None]], None]:
    def answer(then: Callable[[], None]) -> None:
        answers.append(then)
        came.set()

    return answer


def asked(aside: SideThread, job: Callable[[], Any], answers: list[Callable[[], None]], came: threading.Event) -> Any:
    got: list[Callable[[], Any]] = []
    aside.do(job, got.append)
    assert came.wait(10)
    came.clear()
    answers.pop()()
    return got.pop()() if got else None


def test_a_job_runs_on_another_thread_and_is_answered_where_it_was_asked() -> None:
    answers: list[Callable[[], None]] = []
    came = threading.Event()
    aside = SideThread(answering(answers, came))
    assert asked(aside, threading.get_ident, answers, came) != threading.get_ident()

    def fails() -> None:
        raise Refused("no")

    with pytest.raises(Refused, match="no"):
        asked(aside, fails, answers, came)
    aside.close()


def test_nothing_is_answered_when_the_window_was_left() -> None:
    answers: list[Callable[[], None]] = []
    came = threading.Event()
    aside = SideThread(answering(answers, came))
    got: list[object] = []
    aside.do(lambda: 1, got.append)
    assert came.wait(10)
    aside.close()
    answers.pop()()
    aside.do(lambda: 2, got.append)
    assert (got, answers) == ([], [])
