"""check, render, show, verify, issues, keys, doctor: commands that look."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
from tests.cli.support import Shell, make_photos
from tests.support.data import shared_data

from tui_editor.api.demo.faults import FaultKind
from tui_editor.api.demo.labels import planted_faults
from tui_editor.cli.main import main
from tui_editor.model.ids import to_text


def size_of(path: Path) -> tuple[int, int]:
    from PIL import Image

    with Image.open(path) as picture:
        return picture.size


# --- check ---------------------------------------------------------------------------------------


RULES = {
    FaultKind.OUTSIDE: "G03",
    FaultKind.MISSING_ANSWER: "O03",
    FaultKind.DUPLICATE: "D01",
    FaultKind.ID_SWITCH: "T05",
    FaultKind.SELF_INTERSECTION: "G07",
}


def test_check_finds_what_the_demo_plants(shell: Shell, demo: Path) -> None:
    result = shell("check", "--format", "json", "--select", "G03,O03,D01,T05,G07")
    found = {(f["rule"], f["task"], f["instance"], f["frame"]) for f in result.json}
    planted = {
        (RULES[f.kind], to_text(f.task), to_text(f.instance_ids[0]), f.frames[0])
        for f in planted_faults()
        if f.kind in RULES
    }

    assert result.code == 1
    assert found == planted


def test_check_finds_the_gap_that_the_demo_plants(shell: Shell, demo: Path) -> None:
    (planted,) = [f for f in planted_faults() if f.kind is FaultKind.GAP]
    found = shell("check", "--format", "json", "--select", "T02").json

    assert (to_text(planted.instance_ids[0]), planted.frames[1] + 1) in {(f["instance"], f["frame"]) for f in found}


def test_check_prints_findings_below_their_task_and_sums_up_with_what_to_do(shell: Shell, demo: Path) -> None:
    result = shell("check", "--select", "G03")

    assert result.out.splitlines() == [
        "Street, summer morning",
        "  frame 199    error   G03  Car (4) lies wholly outside the frame on frames 199–204 (street.mp4)",
        "",
        "     1 × G03 error   a shape lies wholly outside its frame → delete the label, or flag it as outside",
    ]
    assert result.err == "1 error\n"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--select", "G04"], 0),
        (["--ignore", "G03,G07,O"], 0),
        (["--select", "O03"], 1),
        (["--select", "g,o", "--ignore", "g03"], 1),
        (["--select", "Z9"], 2),
    ],
)
def test_check_selects_and_ignores_rules(shell: Shell, demo: Path, words: list[str], code: int) -> None:
    assert shell("check", *words).code == code


@pytest.mark.parametrize(("level", "code"), [("error", 0), ("warning", 1), ("info", 1)])
def test_check_fails_from_the_asked_severity_on(shell: Shell, hostile: Path, level: str, code: int) -> None:
    result = shell("check", hostile, "--fail-on", level)

    assert result.code == code
    assert "warning G04 " in result.out
    assert "left by 9.0 px" in result.out


def test_check_of_a_data_set_leaves_nothing_behind(shell: Shell, hostile: Path, tmp_path: Path) -> None:
    shell("check", hostile)

    assert not (tmp_path / "home").exists()
    assert sorted(p.name for p in hostile.parent.iterdir()) == ["a.png", "b.png", "labels.json"]


def test_check_reports_media_that_are_gone_or_damaged(shell: Shell, photos: Path) -> None:
    shell("init")
    shell("import", photos)
    (photos / "a.png").unlink()
    (photos / "b.png").write_bytes((photos / "b.png").read_bytes()[:40])
    found = shell("check", "--format", "json", "--select", "M01").json

    assert [(f["rule"], f["frame"]) for f in found] == [("M01", 0), ("M01", 1)]


def test_check_reports_a_picture_of_another_size(shell: Shell, photos: Path, tmp_path: Path) -> None:
    shell("init")
    shell("import", photos)
    make_photos(tmp_path / "other", {"a.png": (30, 40)})
    (tmp_path / "other" / "a.png").replace(photos / "a.png")
    result = shell("check", "--select", "M")

    assert result.code == 1
    assert "a.png is 30×40 px, the project says 40×30; it is turned" in result.out


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("truncated_jpeg.jpg", 0, "warning M07  truncated_jpeg.jpg: "),
        ("sigsegv.png", 1, "error   M01  sigsegv.png can't be decoded: "),
        ("decompression_bomb.gif", 3, "error   S01  the picture would take more memory than is allowed"),
    ],
)
def test_check_tells_what_is_wrong_with_a_hostile_file(shell: Shell, name: str, code: int, said: str) -> None:
    result = shell("check", shared_data("adversarial", name))

    assert result.code == code
    assert said in result.out
    assert "\x1b" not in result.out + result.err


# --- pictures ------------------------------------------------------------------------------------


def test_render_writes_the_frame_in_its_own_size(shell: Shell, demo: Path) -> None:
    result = shell("render", ".", "--task", "Cat, close up", "-o", "cat.png")

    assert (result.code, result.out) == (0, "")
    assert size_of(demo / "cat.png") == (451, 300)


def test_render_draws_the_labels(shell: Shell, hostile: Path, tmp_path: Path) -> None:
    from PIL import Image

    shell("render", hostile, "-o", "with.png")
    shell("render", hostile.parent / "a.png", "-o", "without.png")
    with_labels, without = (np.asarray(Image.open(name).convert("RGB")) for name in ("with.png", "without.png"))

    assert with_labels.shape == without.shape == (30, 40, 3)
    assert (with_labels != without).any()
    assert (without == (90, 120, 150)).all()


def test_render_fits_into_the_size(shell: Shell, demo: Path) -> None:
    shell("render", ".", "--frame", "12", "--size", "320x240", "-o", "f.png")

    assert size_of(demo / "f.png") == (320, 240)


@pytest.mark.parametrize(
    ("options", "size"),
    [
        (["--rotate", "90"], (30, 40)),
        (["--rotate", "180"], (40, 30)),
        (["--rotate", "30"], (50, 46)),
        (["--rotate", "90", "--size", "80x80"], (80, 80)),
    ],
)
def test_render_turns_the_whole_frame(shell: Shell, photos: Path, options: list[str], size: tuple[int, int]) -> None:
    assert shell("render", str(photos / "a.png"), *options, "-o", "t.png").code == 0
    assert size_of(Path("t.png")) == size


@pytest.mark.parametrize(
    ("options", "colour"),
    [
        ([], (90, 120, 150)),
        (["--channel", "red"], (90, 90, 90)),
        (["--brightness", "0.2"], (141, 171, 201)),
        (["--contrast", "0"], (128, 128, 128)),
        (["--gamma", "0.5"], (32, 56, 88)),
        (["--window=120,60"], (0, 128, 255)),
    ],
)
def test_render_shows_pixels_by_the_picture_settings(
    shell: Shell, hostile: Path, options: list[str], colour: tuple[int, int, int]
) -> None:
    from PIL import Image

    assert shell("render", hostile.parent / "a.png", *options, "-o", "t.png").code == 0
    assert (np.asarray(Image.open("t.png").convert("RGB")) == colour).all()


def test_play_writes_the_frame_as_the_view_shows_it(shell: Shell, demo: Path) -> None:
    Path("keys.txt").write_text("w r", encoding="utf-8")
    assert shell("play", "keys.txt", ".", "--task", "Cat, close up", "--screenshot", "turned.png").code == 0
    assert size_of(Path("turned.png")) == (300, 451)


def test_render_to_stdout_is_a_png(photos: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    from PIL import Image

    assert main(["render", str(photos / "a.png"), "-o", "-"]) == 0
    assert Image.open(io.BytesIO(capsysbinary.readouterr().out)).size == (40, 30)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--frame", "300", "-o", "x.png"], 2),
        (["-o", "x.jpg"], 2),
        (["-o", "no/such/folder/x.png"], 3),
        (["--task", "nobody", "-o", "x.png"], 2),
        (["--task", "8", "-o", "x.png"], 2),
        (["--rotate", "left", "-o", "x.png"], 2),
        (["--gamma", "nan", "-o", "x.png"], 2),
        (["--window", "40", "-o", "x.png"], 2),
        (["--window", "40,0", "-o", "x.png"], 2),
        (["--channel", "infrared", "-o", "x.png"], 2),
    ],
)
def test_render_refuses(shell: Shell, demo: Path, words: list[str], code: int) -> None:
    assert shell("render", ".", *words).code == code


def test_render_refuses_what_cannot_be_read(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "here" / "x.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    result = shell("render", "x.png", "-o", "y.png")

    assert result.code in {2, 3}
    assert not (tmp_path / "here" / "y.png").exists()


def test_show_lists_the_labels_where_there_is_no_terminal(shell: Shell, demo: Path) -> None:
    result = shell("show", ".", "--task", "2")

    assert result.code == 0
    assert result.out.splitlines()[0] == "Cat, close up, frame 0"
    assert "Animal (0)    bounding_box  0.0    0.0    392.0  300.0   100%" in result.out
    assert "the output is not a terminal" in result.err


@pytest.mark.parametrize(
    ("graphics", "mark"),
    [
        ("cells", "\x1b[38;2;"),
        ("sixel", "\x1bP"),
        ("kitty", "\x1b_Ga=T"),
        ("iterm2", "\x1b]1337;File=inline=1"),
        ("none", "LABEL"),
    ],
)
def test_show_prints_the_picture_in_the_way_that_is_asked_for(
    shell: Shell, photos: Path, graphics: str, mark: str
) -> None:
    result = shell("show", photos / "a.png", "--graphics", graphics, "--width", "10")

    assert result.code == 0
    if graphics == "none":
        assert result.out == "a.png, frame 0\n"
    else:
        assert mark in result.out


# --- verify --------------------------------------------------------------------------------------


def test_verify_finds_a_picture_that_was_exchanged(shell: Shell, demo: Path) -> None:
    unproven = shell("verify")
    recorded = shell("verify", "--record")
    photo = demo / "media" / "photos" / "chelsea.jpg"
    photo.write_bytes((demo / "media" / "photos" / "flower.jpg").read_bytes())
    result = shell("verify")

    assert unproven.code == recorded.code == 0
    assert "nothing was proven" in unproven.err
    assert "recorded 308 frames" in recorded.err
    assert result.code == 1
    assert result.out == "Cat, close up, chelsea.jpg, frame 0: another picture\n"
    assert [f["frame"] for f in shell("verify", "--json").json] == [0]


def test_verify_tells_of_media_that_can_not_be_recorded(shell: Shell, demo: Path) -> None:
    (demo / "media" / "photos" / "chelsea.jpg").unlink()
    result = shell("verify", "--record")

    assert result.code == 1
    assert "chelsea.jpg" in result.err


# --- issues, keys, doctor ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ([], 6),
        (["--all"], 7),
        (["--resolved"], 1),
        (["--kind", "pin"], 1),
        (["--tag", "question"], 2),
        (["--author", "ada"], 1),
        (["--task", "Street, summer morning"], 4),
        (["--task", "Dahlia"], 0),
    ],
)
def test_issues_are_filtered(shell: Shell, demo: Path, words: list[str], count: int) -> None:
    result = shell("issues", "--json", *words)

    assert (result.code, len(result.json)) == (0, count)


def test_issues_say_where_they_are(shell: Shell, demo: Path) -> None:
    lines = shell("issues").out.splitlines()

    assert any("Pedestrian (0), frame 262" in line for line in lines)
    assert any("rejection" in line and "Boat (0), frame 0" in line for line in lines)


def test_stats_count_the_issues_of_all_tasks_by_what_they_have_in_common(shell: Shell, demo: Path) -> None:
    found = shell("stats", "--json").json["issues"]

    assert (found["raised"], found["open"], found["resolved"], found["reopened"]) == (7, 6, 1, 1)
    assert {"name": "skip", "raised": 1, "open": 1, "resolved": 0, "median_ms": None} in found["by_kind"]
    assert {"Boat", "Pedestrian", "no class"} == {share["name"] for share in found["by_class"]}
    assert found["resolve_ms"]["median"] == 15 * 60_000


def test_stats_are_told_as_tables(shell: Shell, demo: Path) -> None:
    result = shell("stats")

    assert [line.split()[0] for line in result.out.splitlines() if "RAISED" in line] == [
        "KIND",
        "TAG",
        "AUTHOR",
        "CLASS",
        "STAGE",
    ]
    assert "7 issues: 6 open, 1 resolved, 1 reopened" in result.err


def test_keys_are_those_of_the_command_table(shell: Shell) -> None:
    from tui_editor.commands.table import TABLE

    rows = shell("keys", "--json").json

    assert {(r["command"], r["keys"]) for r in rows} == {(c.id, k.keys) for c in TABLE for k in c.keys}
    assert {line.split()[0] for line in shell("keys", "--mode", "reason").out.splitlines()[1:]} == {"reason"}


def test_doctor_says_why_there_are_no_pictures(shell: Shell) -> None:
    facts = {f["name"]: (f["value"], f["why"]) for f in shell("doctor", "--json").json}

    assert facts["pictures"] == ("none", "input or output is not a terminal")
    assert facts["project"][0] == "none"
    assert facts["numpy"][0] == np.__version__


def test_doctor_obeys_graphics(shell: Shell) -> None:
    facts = {f["name"]: f["value"] for f in shell("doctor", "--json", "--graphics", "sixel").json}

    assert facts["pictures"] == "sixel"


def test_doctor_warns_of_a_second_opencv(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    from tui_editor.cli.verbs import doctor

    monkeypatch.setattr(doctor, "_version", lambda name: "4.10")

    assert "warning: several OpenCV wheels" in shell("doctor").err


def test_json_of_every_listing_is_one_document(shell: Shell, demo: Path) -> None:
    for verb in (["tasks"], ["issues"], ["formats"], ["keys"], ["doctor"], ["log", "--task", "1"], ["verify"]):
        assert isinstance(json.loads(shell(*verb, "--json").out), list)


def test_keys_are_those_of_the_preset_and_the_configuration(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from tui_editor.api import config

    file = tmp_path / "config.toml"
    file.write_text('[keys.browse]\n"ctrl+d" = "object.delete"\n"x" = "nothing.such"\n')
    monkeypatch.setattr(config, "config_file", lambda: file)
    result = shell("--preset", "cvat", "keys", "--json")

    keys = {(r["mode"], r["keys"]): r["command"] for r in result.json}
    assert keys["browse", "f"] == "frame.next"
    assert keys["browse", "ctrl+d"] == "object.delete"
    assert result.code == 1
    assert "config.toml, line 3: there is no command nothing.such" in result.err
