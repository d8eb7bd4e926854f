"""Goes through batches in this process, or in several: each does every n-th batch, and answers come in order."""

from __future__ import annotations

import os
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, Final

from tui_editor.checks.runner import Plan, Runner
from tui_editor.errors import TuiEditorError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

    from tui_editor.api.project import Project
    from tui_editor.api.quality.inputs import DataInput, ProjectInput
    from tui_editor.checks.runner import Tallies
    from tui_editor.ports import Finding

    Answer = tuple[list[Finding], Tallies]


_A_CORE: Final = 4
"""Processes for each core at most: a thousand of them bring down a machine that others work on."""


def answers(
    given: ProjectInput | DataInput, plan: Plan, jobs: int = 1, project: Project | None = None
) -> Iterator[Answer]:
    """Yield findings and counts of each batch, in order.

    Args:
        given: What is checked.
        plan: By which rules.
        jobs: How many processes share the batches; more than four a core are not begun.
        project: Opened already, for one process.

    Raises:
        TuiEditorError: it can't be read.
    """
    if jobs <= 1:
        runner = Runner(plan)
        for batch in given.batches(project):
            yield batch(runner)
    else:
        yield from _striped(given, plan, min(jobs, _A_CORE * (os.cpu_count() or 1)))


def _striped(given: ProjectInput | DataInput, plan: Plan, jobs: int) -> Iterator[Answer]:
    context = get_context("spawn")  # a fork would take over the store's connection and locks
    pipes = [context.Pipe(duplex=False) for _ in range(jobs)]
    workers = [
        context.Process(target=_work, args=(given, plan, number, jobs, pipe[1]), daemon=True)
        for number, pipe in enumerate(pipes)
    ]
    try:
        for worker, pipe in zip(workers, pipes, strict=True):
            worker.start()
            pipe[1].close()
        number = 0
        while (answer := _received(pipes[number % jobs][0])) is not None:
            yield answer
            number += 1
    finally:
        for worker in workers:
            if worker.pid is not None:
                worker.terminate()
                worker.join()


def _received(pipe: Connection) -> Answer | None:
    try:
        answer: Any = pipe.recv()
    except EOFError:
        raise TuiEditorError("a process that checks ended before its time", hint="try --jobs 1") from None
    if isinstance(answer, TuiEditorError):
        raise answer
    return answer  # type: ignore[no-any-return]  # what `_work` sent


def _work(given: ProjectInput | DataInput, plan: Plan, number: int, jobs: int, pipe: Connection) -> None:
    """Send the answers of every `jobs`-th batch, then None."""
    runner = Runner(plan)
    try:
        for n, batch in enumerate(given.batches()):
            if n % jobs == number:
                findings, tallies = batch(runner)
                pipe.send((findings, dict(tallies)))
        pipe.send(None)
    except TuiEditorError as error:
        pipe.send(_portable(error))
    pipe.close()


def _portable(error: TuiEditorError) -> TuiEditorError:
    """Return an error that can be sent: leaf classes may need more than their words to be made again."""
    plain = TuiEditorError(error.what)
    plain.where, plain.hint, plain.exit_code = error.where, error.hint, error.exit_code
    return plain
