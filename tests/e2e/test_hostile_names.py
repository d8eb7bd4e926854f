"""Names that attack the terminal are shown harmless everywhere, and stay byte for byte in the store and in exports."""

from __future__ import annotations

import json
import re
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.e2e.hostile_names import PAYLOADS, PLAIN, TASK, named_project
from tests.e2e.shell_runs import Run, run_all
from tests.e2e.test_hostile_files import CONTROL, TROUBLE
from tests.terminals.answers import KITTY, Geometry
from tests.terminals.pty_host import PtyHost
from tui_editor.api import create_project, open_project
from tui_editor.model.ids import to_text
from tui_editor.text import safe

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

# --- the shell -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    named_project(home / "p", PAYLOADS).close()
    return home


@pytest.fixture(scope="module")
def runs(home: Path) -> list[Run]:
    project, task = ["--project", str(home / "p")], ["--task", to_text(TASK)]
    # no argument of a program holds a NUL
    evil = [name.replace("\0", "") for name in PAYLOADS]
    cases = [
        ["tasks", *project],
        ["tasks", *project, "--json"],
        *(["tasks", *project, "--text", name] for name in evil),
        ["issues", *project, "--all"],
        ["issues", *project, "--json"],
        ["log", *project, *task],
        ["log", *project, *task, "--json"],
        ["undo", *project, *task],
        ["check", str(home / "p")],
        ["check", str(home / "p"), "--format", "json"],
        ["show", *project, *task],
        ["show", *project, *task, "--graphics", "cells", "--width", "80"],
        ["render", str(home / "p"), *task, "-o", str(home / "out.png")],
        ["open", str(home / "p"), *task],
        ["verify", *project, "--record"],
        ["verify", *project, "--json"],
        ["export", str(home / "coco.json"), "--format", "coco", *project],
        ["export", str(home / "encord.json"), "--format", "encord", *project, "--json"],
        ["formats"],
        ["formats", "--json"],
        ["keys"],
        ["doctor", *project],
        ["doctor", *project, "--json"],
        [*project],
        *([verb, f"{home}/{name}"] for verb in ("open", "check", "render", "show", "init") for name in evil[:6]),
        *(["import", f"{home}/{name}", *project, "--format", name] for name in evil),
        *(["open", str(home / "p"), "--task", name] for name in evil),
        *(["render", str(home / "p"), "-o", name] for name in evil),
        *(["open", f"tui-editor:///{name}?task={name}"] for name in evil[:16]),
        *(["keys", "--preset", name] for name in evil[:6]),
        *([name] for name in evil[:6]),
        ["check", str(home / "p"), "--select", evil[0]],
        ["issues", *project, "--tag", evil[0], "--author", evil[2]],
        ["play", "-", str(home / "p"), *task, "--dump", "-"],
        ["tasks", *project],
    ]
    return run_all(cases, home)


def test_no_command_passes_a_control_character_or_crashes(runs: list[Run]) -> None:
    assert [run.argv for run in runs if any(word in run.text for word in TROUBLE)] == []
    plain = [run for run in runs if "cells" not in run.argv]
    assert [run.argv for run in plain if CONTROL.search(run.text)] == []
    assert [run.argv for run in plain if safe(run.text, 10_000_000) != run.text] == []


def test_a_printed_picture_brings_colours_and_nothing_else(runs: list[Run]) -> None:
    (run,) = [run for run in runs if "cells" in run.argv]
    assert run.code == 0
    assert not CONTROL.search(re.sub(r"\x1b\[[0-9;]*m", "", run.text))


def test_every_command_ends_with_a_code_of_the_manual(runs: list[Run]) -> None:
    assert {run.code for run in runs} <= {0, 1, 2, 3, 4}


def test_json_holds_every_name_as_it_is(runs: list[Run]) -> None:
    (tasks,) = [run for run in runs if run.argv[0] == "tasks" and run.argv[-1] == "--json"]
    (issues,) = [run for run in runs if run.argv[0] == "issues" and run.argv[-1] == "--json"]

    assert set(PAYLOADS) == {row["title"] for row in json.loads(tasks.stdout)}
    assert set(PAYLOADS) == {row["author"] for row in json.loads(issues.stdout)}
    assert set(PAYLOADS) == {tag for row in json.loads(issues.stdout) for tag in row["tags"]}


def test_exports_hold_every_name_as_it_is(runs: list[Run], home: Path) -> None:
    coco, encord = (run for run in runs if run.argv[0] == "export")
    # a sequence of pictures comes back from COCO as single ones, which the export tells
    assert (coco.code, encord.code) == (1, 0), encord.text
    classes = json.loads((home / "coco.json").read_bytes())["categories"]

    assert Counter(PAYLOADS) == Counter(row["name"] for row in classes)
    with create_project(home / "again", person="tester") as again:
        again.import_data(home / "encord.json")
        assert Counter(PAYLOADS) == Counter(c.name for c in again.info.ontology.classes)


def test_the_store_holds_every_name_as_it_is(home: Path) -> None:
    with open_project(home / "p") as project:
        document = project.read(TASK).document
        assert PAYLOADS[0] == project.info.name
        assert tuple(c.name for c in project.info.ontology.classes) == PAYLOADS
        assert tuple(document.issues[i].author for i in sorted(document.issues)) == PAYLOADS


# --- the editor in a terminal --------------------------------------------------------------------

REST_S = 0.25
ENDS = re.compile(
    rb"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI
    rb"|\x1b[\]_PX^][^\x1b\x07]*(?:\x1b\\|\x07)"  # OSC, APC, DCS, SOS, PM
    rb"|\x1b[ -/]*[0-~]"
    rb"|[\x00-\x09\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]|\xc2[\x80-\x9f]"
)
SCRIPT = (
    b"jjjjjjjj", b"?", b"jjj", b"\x1b", b"c", b"\x1b[B\x1b[B", b"\x1b", b"i", b"evil", b"\x1b", b":", b"obj", b"\x1b",
    b"f", b"\x1b", b"sc", b"\x1b", b"da", b"\x1b", b"\t", b"jj", b"\t", b"jj", b"\t", b"jj", b"\t", b"}", b"}", b"I",
    b"jjjj", b"\x1b", b"x", b"\x1b", b"a", b"a", b"u", b"t", b"t", b"/", b"class:[red]\r", b"g/", b"yi", b"yu", b"lh",
    b"xsomething\r", b"gs", b"\x1b", b"_ ", b"_ ", b"q", b"jjjjjjjjjj", b"/", b"[\r", b"/", b"\x15\r", b"G",
)  # fmt: skip
"""Keys that open every pane, dialog and screen on names from data."""


def kind_of(sequence: bytes) -> str:
    """What a sequence is, without its numbers: two screens of different names differ in those."""
    text = sequence.decode("latin-1")
    if text.startswith("\x1b["):
        return re.sub(r"[0-9;:]+", "", text)
    if text.startswith(("\x1b]", "\x1b_", "\x1bP")):
        return text[:2] + re.sub(r"[^a-zA-Z0-9=;].*", "", text[2:4], flags=re.DOTALL)
    return text


def press(host: PtyHost, keys: bytes) -> None:
    """Send keys and wait until nothing was written for longer than a lone Escape is waited for."""
    sent = time.monotonic()
    host.send(keys)
    host.wait_for(lambda h: time.monotonic() - max(sent, h.chunks[-1][0]) > REST_S, timeout_s=20)
    assert host.process.poll() is None, "\n".join(host.text())


def played(folder: Path) -> tuple[Counter[str], list[str], bytes]:
    """The kinds of sequences that the editor writes during the script, the last screen, and all output."""
    argv = [sys.executable, "-m", "tui_editor", "open", str(folder), "--task", to_text(TASK), "--review"]
    home = {"HOME": str(folder), "XDG_STATE_HOME": str(folder / "state")}
    with PtyHost(argv, kind=KITTY, geometry=Geometry(columns=140, rows=40), env=home) as host:
        host.wait_for(lambda h: any("kept" in row for row in h.text()), timeout_s=60)
        for keys in SCRIPT:
            press(host, keys)
        rows = host.text()
        host.send(b"q")
        host.wait_exit(timeout_s=20)
        return Counter(map(kind_of, ENDS.findall(host.output))), rows, host.output


@pytest.fixture(scope="module")
def screens(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Counter[str], list[str], bytes]]:
    folder = tmp_path_factory.mktemp("screens")
    named_project(folder / "hostile", PAYLOADS).close()
    named_project(folder / "plain", PLAIN).close()
    with ThreadPoolExecutor() as both:  # most of it is waiting
        hostile, plain = both.map(played, (folder / "hostile", folder / "plain"))
    return {"hostile": hostile, "plain": plain}


def test_hostile_names_bring_no_sequence_that_plain_names_do_not(
    screens: dict[str, tuple[Counter[str], list[str], bytes]],
) -> None:
    hostile, plain = screens["hostile"][0], screens["plain"][0]

    assert set(hostile) - set(plain) == set()
    asks = ("\x1b[c", "\x1b[t", "\x1b[>c")
    assert {ask: plain[ask] for ask in asks} == {ask: hostile[ask] for ask in asks}


def test_the_terminal_gets_no_hidden_or_turning_characters(
    screens: dict[str, tuple[Counter[str], list[str], bytes]],
) -> None:
    _, rows, output = screens["hostile"]
    text = ENDS.sub(b"", output).decode("utf-8")

    assert safe(re.sub("[\r\n\x1b]", "", text), len(text)) == re.sub("[\r\n\x1b]", "", text)
    assert any("]52;c;" in row for row in rows) or "]52;c;" in text, "the name is shown, harmless"
