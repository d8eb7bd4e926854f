"""MOTChallenge files: contract, columns, identities, what lies beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.contract import FormatContract, project_of, read_all
from tests.support.data import shared_data
from tui_editor.api import check_data, create_project
from tui_editor.errors import FormatError, LossyExport
from tui_editor.formats.mot import FORMAT
from tui_editor.formats.mot.reader import groups
from tui_editor.formats.mot.rows import Rows
from tui_editor.model.frames import UnitKind
from tui_editor.model.shapes import Box
from tui_editor.ports import ImportOptions

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tui_editor.ports import ImportedTask

MIXED = """1,1,11,21,30,40,1,1,0.5
2,1,12,21,30,40,1,1,1
1,2,100,100,10.25,20,0,7,1
2,3,5,5,6,7,1,3,1
2,1,12.125,21,30,40,1,1,1
"""
"""Ground truth with a class, visibilities, a line that doesn't count, and an identity that is twice on a frame."""


def made(folder: Path, text: str, *, info: str = "", names: str = "") -> Path:
    """Write a sequence's folder; return it."""
    (folder / "gt").mkdir(parents=True)
    (folder / "gt" / "gt.txt").write_text(text)
    if info:
        (folder / "seqinfo.ini").write_text(info)
    if names:
        (folder / "gt" / "labels.txt").write_text(names)
    return folder


class TestContract(FormatContract):
    fmt = FORMAT
    target_name = "out"

    def samples(self, tmp_path: Path) -> Iterable[Path]:
        yield shared_data("mot", "TUD-Stadtmitte_gt.txt")
        yield shared_data("mot", "TUD-Stadtmitte_test.txt")
        yield shared_data("mot", "PETS09-S2L1_det.txt")
        yield shared_data("formats_atlas", "mot_dataset", "mot_seq")
        yield shared_data("formats_atlas", "mot_dataset", "mot_seq_with_seqinfo")
        if not (tmp_path / "street").exists():
            made(tmp_path / "street", MIXED)
        yield tmp_path / "street"


def read(path: Path) -> ImportedTask:
    _, (task,) = read_all(FORMAT, path)
    return task


def labels(task: ImportedTask) -> list[tuple[str, int, int, Box]]:
    """Return identity, ordinal, frame and box of each label."""
    document = task.document
    found = []
    for instance in document.instances.values():
        for _, track in document.tracks_of(instance.id):
            for label in track.labels():
                assert isinstance(label.shape, Box)
                found.append((instance.source_id, instance.ordinal, label.frame, label.shape))
    return sorted(found, key=lambda each: (each[0], each[1], each[2]))


# --- what is read -------------------------------------------------------------------------------------


def test_frames_and_pixels_count_from_one_in_the_file_and_from_zero_here(tmp_path: Path) -> None:
    task = read(made(tmp_path / "a", "1,4,1,1,20,30,1\n3,4,2.5,1,20,30,1\n"))
    assert labels(task) == [("4", 0, 0, Box(0, 0, 20, 30)), ("4", 0, 2, Box(1.5, 0, 20, 30))]
    assert task.task.units[0].frame_count == 3


def test_a_file_with_a_frame_0_counts_frames_from_zero(tmp_path: Path) -> None:
    assert labels(read(made(tmp_path / "a", "0,4,1,1,20,30,1\n"))) == [("4", 0, 0, Box(0, 0, 20, 30))]


def test_an_identity_is_one_track_and_a_second_line_of_it_on_a_frame_another(tmp_path: Path) -> None:
    task = read(made(tmp_path / "a", MIXED))
    assert [(source, frame) for source, _, frame, _ in labels(task)] == [
        ("1", 0),
        ("1", 1),
        ("1", 1),
        ("2", 0),
        ("3", 1),
    ]
    faults = {f.rule for f in check_data(tmp_path / "a")}
    assert "T01" in faults


def test_classes_bear_the_names_of_mot16_or_those_beside_the_file(tmp_path: Path) -> None:
    one, two = made(tmp_path / "a", MIXED), made(tmp_path / "b", MIXED, names="man\nhorse\ncart\n")
    names = [[c.name for c in FORMAT.read(p, ImportOptions()).ontology.classes] for p in (one, two)]
    assert names == [["pedestrian", "car", "static person"], ["man", "cart", "class 7"]]


def test_scores_of_detections_are_confidences_and_flags_of_ground_truth_are_not(tmp_path: Path) -> None:
    scored = read(made(tmp_path / "a", "1,-1,1,1,9,9,0.25,-1,-1,-1\n1,-1,5,5,9,9,57.5,-1,-1,-1\n"))
    flagged = read(made(tmp_path / "b", "1,1,1,1,9,9,0,1,1\n"))
    assert sorted(t.confidence.tolist() for t in scored.document.tracks.values()) == [[0.25], [1.0]]
    assert [t.confidence.tolist() for t in flagged.document.tracks.values()] == [[1.0]]


def test_detections_are_no_tracks_so_no_check_of_tracks_looks_at_them() -> None:
    found = {f.rule[0] for f in check_data(shared_data("mot", "PETS09-S2L1_det.txt"))}
    assert found == {"G", "S", "X"}


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("1,1,5,5", "4 columns"),
        ("1,1,5,5,9,x,1", "no number"),
        ("1.5,1,5,5,9,9,1", "frame is no whole number"),
        ("1,inf,5,5,9,9,1", "identity is no whole number"),
        ("-3,1,5,5,9,9,1", "below 0"),
        ("1,1,5,5,9,9,1,1,1,1,1", "11 columns"),
    ],
)
def test_a_line_that_is_wrong_is_named(tmp_path: Path, line: str, what: str) -> None:
    file = tmp_path / "gt.txt"
    file.write_text(f"1,1,5,5,9,9,1\n\n{line}\n")
    with pytest.raises(FormatError, match=what) as caught:
        read(file)
    assert caught.value.where.endswith("gt.txt:3")


def test_boxes_that_are_no_numbers_are_left_to_the_checks(tmp_path: Path) -> None:
    made(tmp_path / "a", "1,1,5,5,9,9,1\n2,1,nan,5,9,9,1\n")
    assert "S06" in {f.rule for f in check_data(tmp_path / "a")}


# --- what lies beside ---------------------------------------------------------------------------------

INFO = "[Sequence]\nname = Street\nimDir = img1\nframeRate=25\nseqLength=4\nimWidth=64\nimHeight=48\nimExt=.png\n"


def test_seqinfo_tells_name_pictures_size_and_rate_with_blanks_around_its_signs(tmp_path: Path) -> None:
    task = read(made(tmp_path / "a", "1,1,5,5,9,9,1\n", info=INFO))
    (unit,) = task.task.units
    assert (unit.title, unit.kind, unit.frame_count, unit.size(0), unit.fps) == (
        "Street",
        UnitKind.IMAGE_SEQUENCE,
        4,
        (64, 48),
        25.0,
    )
    assert unit.media.paths[3] == "img1/000004.png"


@pytest.mark.parametrize("name", ["../up", "/etc", "a/b", ".."])
def test_a_folder_of_pictures_that_leads_elsewhere_is_not_followed(tmp_path: Path, name: str) -> None:
    task = read(made(tmp_path / "a", "1,1,5,5,9,9,1\n", info=INFO.replace("img1", name)))
    assert task.task.units[0].media.paths == ()


def test_a_video_of_the_sequence_s_name_is_its_medium(tmp_path: Path) -> None:
    (tmp_path / "street_gt.txt").write_text("1,1,5,5,9,9,1\n")
    (tmp_path / "street.mp4").write_bytes(b"x")
    (unit,) = read(tmp_path / "street_gt.txt").task.units
    assert (unit.kind, unit.media.paths, unit.title) == (UnitKind.VIDEO, ("street.mp4",), "street")


def test_a_folder_of_sequences_is_a_task_each_and_so_is_one_of_files(tmp_path: Path) -> None:
    for name in ("a", "b"):
        made(tmp_path / "sequences" / name, "1,1,5,5,9,9,1\n")
    (tmp_path / "results").mkdir()
    for name in ("a", "b"):
        (tmp_path / "results" / f"{name}.txt").write_text("1,1,5,5,9,9,1\n")
    titles = [[t.task.title for t in read_all(FORMAT, tmp_path / folder)[1]] for folder in ("sequences", "results")]
    assert titles == [["a", "b"], ["a", "b"]]


# --- what is written ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["TUD-Stadtmitte_gt.txt", "TUD-Stadtmitte_test.txt", "PETS09-S2L1_det.txt"])
def test_lines_are_written_as_they_were_read(tmp_path: Path, name: str) -> None:
    file = shared_data("mot", name)
    source, tasks = read_all(FORMAT, file)
    FORMAT.write(project_of(source), tasks, tmp_path / "out.txt")
    assert sorted((tmp_path / "out.txt").read_text().split()) == sorted(file.read_text().split())


def test_a_class_that_was_changed_is_written_and_the_rest_of_the_line_kept(tmp_path: Path) -> None:
    from msgspec.structs import replace

    from tui_editor.model.document import make_document

    source, (task,) = read_all(FORMAT, made(tmp_path / "a", MIXED))
    car = next(c.id for c in source.ontology.classes if c.name == "car")
    document = task.document
    changed = make_document(
        instances=[replace(i, class_id=car, ordinal=n) for n, i in enumerate(document.instances.values())],
        tracks=dict(document.tracks),
    )
    task = type(task)(task=task.task, document=changed)
    FORMAT.write(project_of(source), [task], tmp_path / "out.txt")
    assert (tmp_path / "out.txt").read_text().splitlines()[:2] == [
        "1,1,11,21,30,40,1,3,0.5",
        "1,2,100,100,10.25,20,0,3,1",
    ]


def test_an_export_to_a_file_of_any_name_reads_back_equal(tmp_path: Path) -> None:
    with create_project(tmp_path, "p", person="tester") as project:
        project.import_data(made(tmp_path / "a", MIXED))
        outcome = project.export(tmp_path / "out.txt", "mot")
    assert (outcome.differences, outcome.report.losses) == ((), ())


def test_what_no_line_can_hold_is_told(tmp_path: Path) -> None:
    with create_project(tmp_path, "p", person="tester") as project:
        project.import_data(shared_data("coco", "instances.json"))
        with pytest.raises(LossyExport, match="polygon"):
            project.export(tmp_path / "out", "mot", allow_lossy=False)
    assert not (tmp_path / "out").exists()


def test_several_sequences_need_a_folder(tmp_path: Path) -> None:
    for name in ("a", "b"):
        made(tmp_path / "in" / name, "1,1,5,5,9,9,1\n")
    source, tasks = read_all(FORMAT, tmp_path / "in")
    with pytest.raises(FormatError, match="there are 2"):
        FORMAT.write(project_of(source), tasks, tmp_path / "out.txt")


# --- who is who ---------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(-1, 2), st.integers(1, 2)), max_size=12))
def test_every_line_is_in_one_group_and_no_group_has_two_on_a_frame(lines: list[tuple[int, int, int]]) -> None:
    table = np.array(lines, np.int64).reshape(-1, 3)
    n = len(table)
    rows = Rows(table[:, 0], table[:, 1], np.zeros((n, 4)), np.full(n, -1.0), table[:, 2], [b""] * n)
    found = list(groups(rows, flags=False))
    assert sorted(int(r) for g in found for r in g.rows) == list(range(n))
    for group in found:
        frames = rows.frame[group.rows]
        assert (np.diff(frames) > 0).all()
        assert {int(rows.identity[r]) for r in group.rows} == {group.identity}
        assert group.identity >= 0 or len(group.rows) == 1
