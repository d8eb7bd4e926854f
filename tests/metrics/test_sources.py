"""What sources say of a label, wherever their formats keep it."""

from __future__ import annotations

from typing import Any

import pytest

from tui_editor.metrics.sources import Said, said_of
from tui_editor.model.ids import ClassId, InstanceId
from tui_editor.model.instances import Instance


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        ({}, Said()),
        ({"score": 0.5}, Said(score=0.5)),
        ({"confidence": 1}, Said(score=1.0)),
        ({"score": True}, Said()),
        ({"score": "high"}, Said()),
        ({"group_id": 7}, Said(group="7")),
        ({"group_id": 0}, Said()),
        ({"group": None, "group_id": "left"}, Said(group="left")),
        ({"coco": '{"n":1,"keep":{"score":0.25,"iscrowd":1,"area":9}}'}, Said(score=0.25, crowd=True, area=9.0)),
        ({"coco": {"keep": {"num_keypoints": 0}}}, Said(keypoints=0)),
        ({"coco": '{"broken'}, Said()),
        ({"other": {"keep": 5}}, Said()),
        ({"score": 0.5, "coco": {"score": 0.1}}, Said(score=0.5)),
    ],
)
def test_what_was_said_is_found(extra: dict[str, Any], said: Said) -> None:
    instance = Instance(id=InstanceId(1), class_id=ClassId("car"), ordinal=0, extra=extra)

    assert said_of(instance) == said
