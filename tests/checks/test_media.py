"""Rules M01, M02, M03, M07."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from tests.checks.support import CLIP, FRAMES, UNIT, Pixels, found

from tui_editor.checks import media
from tui_editor.errors import MediaMissing
from tui_editor.model.frames import UnitKind

SEQUENCE = replace(CLIP, kind=UnitKind.IMAGE_SEQUENCE, frame_count=3)


@pytest.mark.parametrize("rule", ["M01", "M02", "M03", "M07"])
def test_sound_media_are_clean(rule: str) -> None:
    assert found(rule) == []


def test_m01_finds_a_medium_that_cannot_be_opened_and_the_others_leave_it() -> None:
    gone = MediaMissing("there is no such file")
    (finding,) = found("M01", source=gone)

    assert (finding.unit, finding.frame) == (UNIT, None)
    assert finding.message == "clip.mp4 can't be opened: there is no such file"
    assert [found(rule, source=gone) for rule in ("M02", "M03", "M07")] == [[], [], []]


def test_m01_finds_a_medium_without_frames() -> None:
    assert [f.message for f in found("M01", source=Pixels(count=0))] == ["clip.mp4 has no frames"]


def test_m01_decodes_every_picture_of_a_sequence() -> None:
    source = Pixels(count=3, broken=[1])

    assert [f.frame for f in found("M01", units=(SEQUENCE,), source=source)] == [1]
    assert source.decoded == [0, 1, 2]


@pytest.mark.parametrize("broken", [0, 5, FRAMES - 1])
def test_m01_decodes_every_frame_of_a_short_video(broken: int) -> None:
    source = Pixels(broken=[broken])

    assert [f.frame for f in found("M01", source=source)] == [broken]
    assert source.decoded == list(range(FRAMES))


@pytest.mark.parametrize(
    ("deep", "decoded", "frames"), [(False, [0, FRAMES - 1], []), (True, list(range(FRAMES)), [5])]
)
def test_m01_decodes_the_first_and_last_frame_of_a_long_video_unless_it_looks_deep(
    monkeypatch: pytest.MonkeyPatch, deep: bool, decoded: list[int], frames: list[int]
) -> None:
    monkeypatch.setattr(media, "WHOLE_PX", 1000)
    source = Pixels(broken=[5])

    assert [f.frame for f in found("M01", source=source, deep=deep)] == frames
    assert source.decoded == decoded


def test_m01_tells_a_run_of_broken_frames_once() -> None:
    findings = found("M01", source=Pixels(broken=[2, 3, 4, 7]))

    assert [(f.frame, f.message) for f in findings] == [
        (2, "clip.mp4 can't be decoded on frames 2–4: the data end early"),
        (7, "clip.mp4 can't be decoded: the data end early"),
    ]


def test_m02_finds_another_size_and_says_when_it_is_turned() -> None:
    (finding,) = found("M02", source=Pixels(size=(80, 100)))

    assert finding.frame == 0
    assert finding.message == "clip.mp4 is 80×100 px, the project says 100×80; it is turned, and on 9 frames more"


def test_m02_leaves_a_size_that_the_project_does_not_know() -> None:
    assert found("M02", units=(replace(CLIP, width=0, height=0),)) == []


@pytest.mark.parametrize("count", [FRAMES - 1, FRAMES + 1])
def test_m03_finds_another_number_of_frames(count: int) -> None:
    (finding,) = found("M03", source=Pixels(count=count))

    assert finding.message == f"clip.mp4 has {count} frames, the project says {FRAMES}"


def test_m07_finds_what_the_decoder_warns_of() -> None:
    source = Pixels(count=1, warnings=("truncated, the lower part is grey",))

    assert [(f.severity, f.frame) for f in found("M07", source=source)] == [("warning", 0)]


def test_media_without_pixels_are_left() -> None:
    other = replace(CLIP, kind=UnitKind.OTHER)

    assert [found(rule, units=(other,), source=MediaMissing("x")) for rule in ("M01", "M03")] == [[], []]


def test_the_rules_decode_a_task_once_between_them() -> None:
    from tests.checks.support import PROJECT, document

    from tui_editor.checks.registry import BUILT_IN, load
    from tui_editor.model.ids import TaskId
    from tui_editor.model.project import Task
    from tui_editor.ports import CheckContext

    source = Pixels()
    task = Task(id=TaskId(3), title="clip", units=(CLIP,))
    context = CheckContext(project=PROJECT, task=task, document=document(), source=lambda unit: source)
    for check in load(BUILT_IN)[0]:
        list(check.run(context))

    assert source.decoded == list(range(FRAMES))
