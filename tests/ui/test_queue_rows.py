"""What a line of the queue tells in how much room."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from tui_editor.model.ids import TaskId
from tui_editor.model.project import TaskRow
from tui_editor.ui.screens.queue_rows import TaskRows

ROW = TaskRow(
    id=TaskId(1),
    title="street at night, summer",
    stage="annotate",
    state="assigned",
    priority=0.5,
    assignee="kim",
    kind="image",
    frame_count=1,
    label_count=7,
    issue_count=2,
    updated_ms=0,
)


@pytest.mark.parametrize(
    ("width", "told"),
    [(200, "image 1 frame 7 labels ⚑2 kim"), (80, "7 labels ⚑2 kim"), (70, "7 labels ⚑2"), (40, "⚑2")],
)
def test_a_narrow_line_leaves_out_what_matters_less_and_nothing_is_cut(width: int, told: str) -> None:
    line = "".join(words for words, _ in TaskRows([ROW], "me", width).line(0))
    assert cell_len(line.rstrip()) <= width
    assert " ".join(line.partition("assigned")[2].split()) == told
    assert line.startswith(" street at")
