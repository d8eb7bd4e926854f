"""The whole editor in a pty: start-up to the first picture, and from a key to its last byte.

Peers: a Textual app with one Static (start-up), textual-image's widget with the same frames and boxes (keys). All in
the same pseudo terminal (160x45 cells of 8x16 pixels), which answers like kitty or like xterm and reads at once.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image
from tests.terminals.answers import KITTY, SIXEL, TerminalKind
from tests.terminals.pty_host import PtyHost

from bench.figures import Figure, figure
from tui_editor.api import create_project
from tui_editor.model.columns import pack
from tui_editor.model.document import make_document
from tui_editor.model.frames import MediaRef, Unit, UnitKind
from tui_editor.model.ids import ClassId, InstanceId, TaskId, UnitId
from tui_editor.model.instances import Instance
from tui_editor.model.ontology import ObjectClass, Ontology
from tui_editor.model.project import Task
from tui_editor.model.shapes import Box, ShapeKind
from tui_editor.model.tracks import track_from_columns
from tui_editor.ports import ImportedTask

START_RUNS = 7
KEYS = 15
FRAMES = 20
QUIET_S = 0.3
SIZE = (1280, 720)
PHOTO = Path(__file__).resolve().parents[1] / "fixtures" / "demo" / "photos" / "china.jpg"
OURS = (
    "import sys; from tui_editor.api import open_project; from tui_editor.ui.launch import run_app;"
    "from tui_editor.model.ids import TaskId; sys.exit(run_app(open_project(sys.argv[1]), task=TaskId(1)))"
)
GRAPHICS = (b"\x1b_G", b"\x1bP")


def make_frames(folder: Path) -> None:
    """Write photographic frames that differ from one to the next, as a moving camera's do."""
    photo = Image.open(PHOTO).convert("RGB").resize((SIZE[0] + FRAMES * 4, SIZE[1]))
    for number in range(FRAMES):
        photo.crop((number * 4, 0, number * 4 + SIZE[0], SIZE[1])).save(folder / f"{number:02}.png")


def make_project(folder: Path, media: Path) -> None:
    """Make a project of the frames with 60 boxes on each."""
    car = ObjectClass(id=ClassId("car"), name="car", color="#D33115", shape=ShapeKind.BOX)
    unit = Unit(
        id=UnitId(1),
        kind=UnitKind.IMAGE_SEQUENCE,
        title="frames",
        media=MediaRef(root="data", paths=tuple(f"{n:02}.png" for n in range(FRAMES))),
        frame_count=FRAMES,
        width=SIZE[0],
        height=SIZE[1],
    )
    frames = np.arange(FRAMES, dtype=np.int32)
    tracks, instances = {}, []
    for n in range(60):
        boxes = [Box(n % 10 * 120.0 + 20, n // 10 * 110.0 + 20, 80, 60)] * FRAMES
        tracks[InstanceId(n + 1), unit.id] = track_from_columns(frames, pack(boxes))
        instances.append(Instance(id=InstanceId(n + 1), class_id=car.id, ordinal=n))
    with create_project(folder, "bench", ontology=Ontology(classes=(car,))) as project:
        project.add_root(media)
        document = make_document(instances=instances, tracks=tracks)
        project.store.add_tasks(
            [ImportedTask(task=Task(id=TaskId(1), title="t", units=(unit,)), document=document)], "me"
        )


def until_quiet(host: PtyHost, since: int) -> list[tuple[float, bytes]]:
    """Return the chunks written after number `since`, once nothing came for a while, or after a second of nothing."""
    deadline = time.monotonic() + 10 * QUIET_S
    while True:
        chunks = host.chunks[since:]
        if chunks and time.monotonic() - chunks[-1][0] > QUIET_S:
            return chunks
        if time.monotonic() > deadline:
            return chunks or [(deadline, b"")]
        time.sleep(0.01)


def last_graphics(chunks: list[tuple[float, bytes]]) -> tuple[float, int]:
    """Return when the last byte of a picture was written, and how many bytes came until then."""
    at = max((n for n, (_, data) in enumerate(chunks) if _is_picture(data)), default=len(chunks) - 1)
    return chunks[at][0], sum(len(data) for _, data in chunks[: at + 1])


def _is_picture(data: bytes) -> bool:
    # a picture of many kilobytes arrives in pieces without an introducer: base64 or sixel data
    return any(mark in data for mark in GRAPHICS) or (len(data) > 512 and b"\x1b[" not in data[:256])


def start_ms(argv: list[str], kind: TerminalKind, mark: bytes) -> float:
    """Return the time from the start of a program until it has written `mark`."""
    started = time.monotonic()
    with PtyHost(argv, kind=kind) as host:
        host.wait_for(lambda h: mark in h.output, timeout_s=30)
        total = b""
        for moment, data in host.chunks:
            total += data
            if mark in total:
                return (moment - started) * 1000
    raise AssertionError("the mark was seen and then not")


def key_times(argv: list[str], kind: TerminalKind, key: bytes) -> tuple[float, float]:
    """Return the medians of (ms from a key to the last byte of its picture, bytes)."""
    times, sizes = [], []
    with PtyHost(argv, kind=kind) as host:
        host.wait_for(lambda h: any(m in h.output for m in GRAPHICS), timeout_s=30)
        until_quiet(host, 0)
        for _ in range(KEYS):
            before, sent = len(host.chunks), time.monotonic()
            host.send(key)
            moment, size = last_graphics(until_quiet(host, before))
            times.append((moment - sent) * 1000)
            sizes.append(size)
    return statistics.median(times), statistics.median(sizes)


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        media = folder / "media"
        media.mkdir()
        make_frames(media)
        make_project(folder / "p", media)
        ours = [sys.executable, "-c", OURS, str(folder / "p")]
        static = [sys.executable, "-m", "bench.peers.static_app"]
        image = [sys.executable, "-m", "bench.peers.image_app", str(media)]
        return [_start(ours, static), *_keys(ours, image)]


def _start(ours: list[str], static: list[str]) -> Figure:
    mine, theirs = [], []
    for _ in range(START_RUNS):
        mine.append(start_ms(ours, KITTY, b"\x1b_Gq=2,m=0"))
        theirs.append(start_ms(static, KITTY, b"first picture"))
    peer = "Textual, one Static (<= 2x)"
    return figure(
        "start-up to first frame",
        statistics.median(mine),
        "ms",
        n=START_RUNS,
        peer=peer,
        peer_value=statistics.median(theirs),
    )


def _keys(ours: list[str], image: list[str]) -> list[Figure]:
    found = []
    for kind, name in ((KITTY, "kitty"), (SIXEL, "sixel")):
        for key, what in ((b"l", "next frame"), (b"j", "select")):
            mine, my_bytes = key_times(ours, kind, key)
            theirs, their_bytes = key_times(image, kind, key)
            peer = "textual-image widget"
            found.append(figure(f"key to last byte, {what}, {name}", mine, "ms", n=KEYS, peer=peer, peer_value=theirs))
            found.append(
                figure(
                    f"bytes, {what}, {name}", my_bytes / 1000, "kB", n=KEYS, peer=peer, peer_value=their_bytes / 1000
                )
            )
    return found
