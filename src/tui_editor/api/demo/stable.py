"""Identifiers of the demo that are the same in every build, so that tests and the tour can name things."""

from __future__ import annotations

from hashlib import blake2b

from tui_editor.model.ids import InstanceId, IssueId, TaskId, UnitId


def number(name: str) -> int:
    """Return a number of 1..2**63-1 for a name."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big") >> 1 or 1


def short(name: str) -> str:
    """Return eight characters for a name, as ontologies use them."""
    return blake2b(name.encode(), digest_size=4).hexdigest()


def task_id(task: str) -> TaskId:
    """Return the id of a demo task by its title."""
    return TaskId(number(f"task/{task}"))


def unit_id(task: str) -> UnitId:
    """Return the id of a demo task's data unit; each task has one."""
    return UnitId(number(f"unit/{task}"))


def instance_id(task: str, name: str) -> InstanceId:
    """Return the id of an instance by its task and name, `Car (0)`."""
    return InstanceId(number(f"instance/{task}/{name}"))


def issue_id(task: str, name: str) -> IssueId:
    """Return the id of an issue by its task and a name of its own."""
    return IssueId(number(f"issue/{task}/{name}"))
