"""What a project says of itself."""

from __future__ import annotations

import pytest

from tui_editor.model.ids import ProjectId
from tui_editor.model.project import Project


@pytest.mark.parametrize(
    ("group_by", "name", "group"),
    [
        ("patient", "p7", "patient=p7"),
        ("patient", "patient=p7", "patient=p7"),
        ("patient", "", ""),
        ("", "p7", "p7"),
    ],
)
def test_a_group_is_named_with_or_without_the_key_by_which_tasks_are_grouped(
    group_by: str, name: str, group: str
) -> None:
    assert Project(id=ProjectId(1), name="demo", group_by=group_by).group_named(name) == group
