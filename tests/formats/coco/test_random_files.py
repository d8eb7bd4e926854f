from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.formats.coco.files import write_json
from tests.formats.coco.random_files import file_of, shaped
from tests.formats.contract import load_json, project_of, read_all
from tui_editor.formats.coco import FORMAT
from tui_editor.ports import ImportOptions


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(shaped, max_size=5), st.sampled_from(["", "all"]))
def test_any_file_that_is_read_and_not_touched_is_written_with_equal_values(
    annotations: list[dict[str, Any]], group: str
) -> None:
    value = file_of(annotations)
    with tempfile.TemporaryDirectory() as folder:
        path = write_json(Path(folder) / "in.json", value)
        source, tasks = read_all(FORMAT, path, ImportOptions(group=group))
        report = FORMAT.write(project_of(source), reversed(tasks), Path(folder) / "out.json")
        assert load_json(report.files[0]) == value
        assert report.losses == ()
