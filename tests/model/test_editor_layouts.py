"""Custom editor layouts: both spellings are read, each fault is told with its place."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from tui_editor.model.editor_layouts import grouping_key, layout_faults, layout_words, modern, windows_of

NOW: dict[str, Any] = {
    "$schema": "x",
    "grid": {"direction": "row", "first": 0, "second": 1, "splitPercentage": 30},
    "gridContent": {
        "0": {
            "readonly": True,
            "clientMetadataQuery": {
                "orConditions": [
                    {"key": "side", "operator": "=", "value": "A"},
                    {
                        "andConditions": [
                            {"key": "side", "operator": "=", "value": "B"},
                            {"key": "view", "operator": "=", "value": "CC"},
                        ]
                    },
                ]
            },
        },
        "1": {"dicomTagsQuery": {"tag": "00185101", "operator": "=", "value": "CC"}, "clientMetadataQuery": None},
    },
    "topLevelGridFilter": {"clientMetadata": {"key": "case", "operator": "="}},
    "settings": {"fixedLayout": True},
}
OLD: dict[str, Any] = {
    "grid": [[0, 1], [2, 3]],
    "gridContent": {
        "0": {
            "dicom_tags_query": {
                "and_conditions": [
                    {"tag": "0018510f", "operator": "=", "value": "CC"},
                    {"tag": "00200062", "operator": "=", "value": "R"},
                ]
            }
        },
        "1": {"client_metadata_query": {"key": "group-id", "operator": "=", "value": "A"}},
    },
    "topLevelGridFilter": {"dicom_tags": {"tag": "00100020", "operator": "="}},
    "settings": None,
}


@pytest.mark.parametrize("layout", [NOW, OLD])
def test_layouts_of_both_spellings_are_right(layout: dict[str, Any]) -> None:
    assert list(layout_faults(layout)) == []


def test_a_layout_is_told_in_words() -> None:
    assert layout_words(NOW) == "2 windows, 1 read-only, grouped by case"
    assert layout_words(OLD) == "4 windows"
    assert windows_of(OLD) == (0, 1, 2, 3)
    assert (grouping_key(NOW), grouping_key(OLD)) == ("case", "")
    assert modern(OLD)["gridContent"]["0"]["dicomTagsQuery"]["andConditions"][0]["tag"] == "0018510f"


@pytest.mark.parametrize(
    ("place", "value", "fault"),
    [
        (("grid",), None, "/grid: it is missing"),
        (("grid",), "2x2", "/grid: it is neither a list of rows nor a tree"),
        (("grid",), [], "/grid: it has no row"),
        (("grid",), [[0], [True]], "/grid/1: a row is a list of window numbers"),
        (("grid",), [[0, 0, 1]], "/grid: window 0 stands there twice"),
        (("grid", "direction"), "up", "/grid/direction: it is row or column"),
        (("grid", "second"), None, "/grid/second: it is missing"),
        (("grid", "splitPercentage"), 96, "/grid/splitPercentage: it is a number from 5 to 95"),
        (("gridContent", "7"), {}, "/gridContent/7: the grid has no such window"),
        (("gridContent", "0", "readonly"), "yes", "/gridContent/0/readonly: it is true or false"),
        (("gridContent", "0", "query"), {}, "/gridContent/0/query: it means nothing"),
        (
            ("gridContent", "1", "dicomTagsQuery", "tag"),
            "1851",
            "/gridContent/1/dicomTagsQuery/tag: it is eight hexadecimal digits",
        ),
        (
            ("gridContent", "1", "dicomTagsQuery", "operator"),
            ">",
            "/gridContent/1/dicomTagsQuery/operator: only = is known",
        ),
        (
            ("gridContent", "0", "clientMetadataQuery", "orConditions"),
            [],
            "/gridContent/0/clientMetadataQuery/orConditions: it is a list of two conditions or more",
        ),
        (
            ("topLevelGridFilter", "clientMetadata", "value"),
            "x",
            "/topLevelGridFilter/clientMetadata/value: it means nothing",
        ),
        (("settings", "fixedLayout"), 1, "/settings: only fixedLayout, true or false, is known"),
        (("colour",), "red", "/colour: it means nothing"),
    ],
)
def test_a_fault_is_told_with_its_place(place: tuple[str, ...], value: Any, fault: str) -> None:
    layout = deepcopy(NOW)
    within: Any = layout
    for key in place[:-1]:
        within = within[key]
    if value is None:
        del within[place[-1]]
    else:
        within[place[-1]] = value

    assert fault in list(layout_faults(layout))


@pytest.mark.parametrize("value", [None, [], 3, {"grid": {"first": {}}, "gridContent": {"x": 1}}])
def test_what_is_no_layout_is_no_crash(value: Any) -> None:
    assert list(layout_faults(value))


def test_a_layout_without_end_is_a_fault() -> None:
    grid: Any = 0
    for _ in range(300):
        grid = {"direction": "row", "first": grid, "second": 1, "splitPercentage": 50}

    assert list(layout_faults({"grid": grid, "gridContent": {}}))
