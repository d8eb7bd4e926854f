"""What every project store must do. A test class of an engine inherits it and gives the fixture `engine`."""

from __future__ import annotations

from tests.storage.contract_edits import EditContract
from tests.storage.contract_issues import IssueContract
from tests.storage.contract_leases import LeaseContract
from tests.storage.contract_tasks import TaskContract
from tests.storage.engine import Engine

__all__ = ["Engine", "StoreContract"]


class StoreContract(TaskContract, EditContract, IssueContract, LeaseContract):
    """The whole suite."""
