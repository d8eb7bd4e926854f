"""The public SDK as an oracle, offline: does a row load, and what does the SDK write back?"""

from __future__ import annotations

import copy
import json
import socket
from datetime import UTC, datetime
from typing import Any

import pytest


def differences(a: Any, b: Any, place: str = "") -> list[str]:
    """Return what differs between two JSON values: numbers within 1e-9; the order of actions means nothing."""
    if isinstance(a, dict) and isinstance(b, dict):
        out = [f"{place}: keys {sorted(a.keys() ^ b.keys())}"] if a.keys() != b.keys() else []
        return out + [d for k in a if k in b for d in differences(a[k], b[k], f"{place}/{k}")]
    if isinstance(a, list) and isinstance(b, list):
        if place.endswith("/actions"):
            a, b = (sorted(v, key=lambda x: json.dumps(x, sort_keys=True)) for v in (a, b))
        if len(a) != len(b):
            return [f"{place}: length {len(a)} != {len(b)}"]
        return [d for i, (x, y) in enumerate(zip(a, b, strict=True)) for d in differences(x, y, f"{place}/{i}")]
    if isinstance(a, bool) or isinstance(b, bool) or not (_number(a) and _number(b)):
        return [] if a == b else [f"{place}: {a!r} != {b!r}"]
    return [] if abs(a - b) <= 1e-9 else [f"{place}: {a!r} != {b!r}"]


def _number(value: Any) -> bool:
    return isinstance(value, int | float)


def newer(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of the generation that the SDK writes: frames' lists name no classification.

    Objects of a frame are in the order of their hashes: the SDK's order is that of first mention in the row.
    """
    out = copy.deepcopy(row)
    for holder in [*out["data_units"].values(), *out.get("spaces", {}).values()]:
        labels = holder.get("labels", {})
        for blob in (labels, *labels.values()):
            if isinstance(blob, dict) and "objects" in blob:
                blob["objects"].sort(key=lambda o: o["objectHash"])
        if "classifications" in labels:
            labels["classifications"] = []
            continue
        for frame in list(labels):
            labels[frame]["classifications"] = []
            if not labels[frame].get("objects"):
                del labels[frame]
    return out


def _frame_count(row: dict[str, Any], unit: dict[str, Any]) -> int:
    if row["data_type"] == "img_group":
        return len(row["data_units"])
    timed = "data_fps" in unit and row["data_type"] == "video"
    return round(unit["data_fps"] * unit["data_duration"]) if timed else int(unit.get("number_of_frames", 1000))


class Sdk:
    """The SDK with an ontology, cut off from any network."""

    def __init__(self, ontology: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
        pytest.importorskip("encord")
        from encord.objects import OntologyStructure
        from encord.ontology import Ontology
        from encord.orm.ontology import Ontology as Record

        def refuse(*_: object, **__: object) -> None:
            raise AssertionError("the oracle works offline")

        monkeypatch.setattr(socket.socket, "connect", refuse)
        now = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
        structure = OntologyStructure.from_dict(copy.deepcopy(ontology))
        record = Record(
            title="oracle", structure=structure, ontology_hash="0", created_at=now, last_edited_at=now, description=""
        )
        self._ontology = Ontology(record, api_client=None)
        self.ontology_json: dict[str, Any] = structure.to_dict()

    def written_back(self, row: dict[str, Any]) -> dict[str, Any]:
        """Return what the SDK writes after it has read a row."""
        from encord.objects import LabelRowV2

        loaded = LabelRowV2(self._metadata(row), None, self._ontology)
        loaded.from_labels_dict(copy.deepcopy(row))
        out: dict[str, Any] = loaded.to_encord_dict()
        return out

    def _metadata(self, row: dict[str, Any]) -> Any:
        from encord.constants.enums import DataType
        from encord.orm.label_row import AnnotationTaskStatus, LabelRowMetadata, LabelStatus

        now = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
        unit = next(iter(row["data_units"].values()))
        still = row["data_type"] in {"image", "video"}
        return LabelRowMetadata(
            **{k: row[k] for k in ("label_hash", "data_hash", "dataset_hash", "dataset_title", "data_title")},
            created_at=now,
            last_edited_at=now,
            branch_name="main",
            data_type=DataType(row["data_type"]).to_upper_case_string(),
            data_link=None,
            label_status=LabelStatus.LABEL_IN_PROGRESS,
            annotation_task_status=AnnotationTaskStatus.QUEUED,
            workflow_graph_node=None,
            is_shadow_data=False,
            frames_per_second=unit.get("data_fps"),
            number_of_frames=_frame_count(row, unit),
            duration=unit.get("data_duration"),
            height=unit.get("height") if still else None,
            width=unit.get("width") if still else None,
            audio_sample_rate=None,
            audio_codec=None,
            audio_bit_depth=None,
            audio_num_channels=None,
            spaces=row.get("spaces") or {},
        )
