from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.storage.samples import encoded


def test_a_document_is_decoded_once() -> None:
    item = encoded(1, [3, 5])

    assert item.document is item.document
    assert item.document.label_count == item.label_count == 2


def test_a_changed_task_has_the_same_labels_still_encoded() -> None:
    item = encoded(1, [3, 5])

    changed = item.as_task(replace(item.task, title="other"))

    assert changed.task.title == "other"
    assert changed.document.same(item.document)
    assert changed.label_count == 2
    assert type(changed) is type(item)


def test_what_a_task_has_not_is_missing_as_in_any_value() -> None:
    with pytest.raises(AttributeError, match="nothing"):
        _ = encoded(1, []).nothing
