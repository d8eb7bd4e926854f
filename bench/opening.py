"""How long `tui-editor open` takes in a pty: to its first whole picture, and until it is all there and answers a key.

The peer is a Textual app with one Static. All take turns, so that a busy machine slows all alike.
"""

from __future__ import annotations

import dataclasses
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.terminals.answers import KITTY, SIXEL, TerminalKind
from tests.terminals.pty_host import PtyHost

from bench.boxes import make_project, photo_frames, png_project
from bench.figures import Figure, figure
from tui_editor.model.frames import UnitKind

if TYPE_CHECKING:
    from collections.abc import Callable

RUNS = 9
WAIT_S = START_S = 30.0
LARGE_PX = (6000, 4000)
VIDEO_PX, VIDEO_FRAMES = (1920, 1080), 120
STATIC = [sys.executable, "-m", "bench.peers.static_app"]
STATIC_MARK = b"first picture"
PEER = "Textual, one Static (<= 1.6x)"
LAST_TITLE = b"Issues"
"""Of a pane that is written when all are."""
UNBOUND_KEY, ANSWER = b"~", b"means nothing here"
KINDS = {"kitty": KITTY, "kitty on this machine": dataclasses.replace(KITTY, shares_memory=True), "sixel": SIXEL}


class Opening(NamedTuple):
    """Milliseconds since the start of the process."""

    picture: float
    complete: float


def whole_picture(output: bytes) -> bool:
    """Return whether a picture was written to its end: placed (kitty), or its string of pixels ended (sixel)."""
    begun = max(output.find(b"\x1b_Ga=p"), output.find(b"\x1bP0;1;0q"))
    return begun >= 0 and output.find(b"\x1b\\", begun) >= 0


def opening(folder: Path, kind: TerminalKind) -> Opening:
    """Open a project once; a key is pressed as soon as picture and panes are there."""
    started = time.monotonic()
    with PtyHost([sys.executable, "-m", "tui_editor", "open", str(folder)], kind=kind) as host:
        _wait(host, lambda output: whole_picture(output) and LAST_TITLE in output)
        host.send(UNBOUND_KEY)
        _wait(host, lambda output: ANSWER in output)
        picture, complete = _moment(host, whole_picture), _moment(host, lambda output: ANSWER in output)
    return Opening((picture - started) * 1000, (complete - started) * 1000)


def static_ms() -> float:
    """Start the peer once; return when its text was written."""
    started = time.monotonic()
    with PtyHost(STATIC, kind=KITTY) as host:
        _wait(host, lambda output: STATIC_MARK in output)
        return (_moment(host, lambda output: STATIC_MARK in output) - started) * 1000


def _wait(host: PtyHost, seen: Callable[[bytes], bool]) -> None:
    deadline = time.monotonic() + WAIT_S
    while not seen(host.output):
        if time.monotonic() > deadline:
            raise AssertionError(f"nothing after {WAIT_S} s: {host.text()}")
        time.sleep(0.005)


def _moment(host: PtyHost, seen: Callable[[bytes], bool]) -> float:
    output = b""
    for moment, data in host.chunks:
        output += data
        if seen(output):
            return moment
    raise AssertionError("what was seen is gone")


# --- scenes --------------------------------------------------------------------------------------


def large(folder: Path) -> None:
    """One JPEG of 24 megapixels."""
    photo_frames(1, LARGE_PX)[0].save(folder / "large.jpg", quality=90)
    make_project(folder / "p", folder, UnitKind.IMAGE, ["large.jpg"], frames=1, size=LARGE_PX)


def video(folder: Path) -> None:
    """A video of 1080p."""
    write_video(folder / "video.mp4")
    make_project(folder / "p", folder, UnitKind.VIDEO, ["video.mp4"], frames=VIDEO_FRAMES, size=VIDEO_PX)


def write_video(path: Path) -> None:
    """Write a video of 1080p, H.264."""
    import av

    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = *VIDEO_PX, "yuv420p"
        for picture in photo_frames(VIDEO_FRAMES, VIDEO_PX):
            container.mux(stream.encode(av.VideoFrame.from_image(picture)))
        container.mux(stream.encode())


SCENES: dict[str, Callable[[Path], object]] = {"720p PNG": png_project, "24 MP JPEG": large, "1080p video": video}


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory() as name:
        folders = {scene: Path(name) / str(number) for number, scene in enumerate(SCENES)}
        for scene, folder in folders.items():
            folder.mkdir()
            SCENES[scene](folder)
        return measure({scene: folder / "p" for scene, folder in folders.items()}, RUNS)


def measure(projects: dict[str, Path], runs: int) -> list[Figure]:
    """Return the figures of opening each project in each kind of terminal."""
    cases = [(f"{scene}, {name}", folder, kind) for scene, folder in projects.items() for name, kind in KINDS.items()]
    found: dict[str, list[Opening]] = {case: [] for case, _, _ in cases}
    peer = []
    for _ in range(runs):
        peer.append(static_ms())
        for case, folder, kind in cases:
            found[case].append(opening(folder, kind))
    peer_value = statistics.median(peer)
    return [
        figure(f"open to {what}, {case}", statistics.median(times), "ms", n=runs, peer=PEER, peer_value=peer_value)
        for case, openings in found.items()
        for what, times in zip(("first picture", "all there"), zip(*openings, strict=True), strict=True)
    ]
