"""Chromium without a window, driven by its DevTools protocol through a pipe: no package and no port is needed."""

from __future__ import annotations

import itertools
import json
import os
import queue
import shutil
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# The protocol wants commands on descriptor 3 and answers on 4. First out of each other's way.
_ON_PIPES = """
import fcntl, os, sys
high = [fcntl.fcntl(int(number), fcntl.F_DUPFD, 10) for number in sys.argv[1:3]]
for number, descriptor in zip((3, 4), high):
    os.dup2(descriptor, number)
os.execvp(sys.argv[3], sys.argv[3:])
"""
_ANSWER_S = 30.0


class Browser:
    """One page of Chromium.

    Args:
        home: Folder for its profile.
        size_px: (width, height) of the page.
        called: Called on a thread with what the page gave to the function `toProgram`.
        log: Where its messages go.
    """

    def __init__(self, home: Path, size_px: tuple[int, int], called: Callable[[str], None], log: Any) -> None:
        ours, theirs = os.pipe(), os.pipe()
        program = shutil.which("chromium") or "chromium"
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", f"--user-data-dir={home}"]
        quiet = ["--no-first-run", "--disable-extensions", "--allow-file-access-from-files", "--hide-scrollbars"]
        run = [sys.executable, "-c", _ON_PIPES, str(ours[0]), str(theirs[1])]
        self.process = subprocess.Popen(
            [*run, program, *options, *quiet], pass_fds=[ours[0], theirs[1]], stdout=log, stderr=log
        )
        os.close(ours[0])
        os.close(theirs[1])
        self._commands, self._answers = ours[1], os.fdopen(theirs[0], "rb", buffering=0)
        self._called = called
        self._numbers = itertools.count(1)
        self._waiting: dict[int, queue.SimpleQueue[dict[str, Any]]] = {}
        self._session = ""
        self._calls: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True, name="devtools").start()
        threading.Thread(target=self._call, daemon=True, name="devtools-calls").start()
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.ask("Runtime.enable")
        self.ask("Page.enable")
        self.ask("Runtime.addBinding", name="toProgram")
        self.resize(*size_px)

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Return the result of a command; RuntimeError with the browser's message when it fails."""
        number = next(self._numbers)
        answer = self._waiting[number] = queue.SimpleQueue()
        message = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        data = json.dumps(message).encode() + b"\0"
        view = memoryview(data)
        while view:
            view = view[os.write(self._commands, view) :]
        told = answer.get(timeout=_ANSWER_S)
        if "error" in told:
            raise RuntimeError(f"{method}: {told['error']['message']}")
        result: dict[str, Any] = told["result"]
        return result

    def evaluate(self, expression: str) -> Any:
        """Return the value of an expression on the page; a promise is awaited."""
        told = self.ask("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in told:
            raise RuntimeError(f"{expression[:80]}: {told['exceptionDetails']}")
        return told["result"].get("value")

    def open(self, address: str) -> None:
        """Open a page and wait until it is loaded."""
        self.ask("Page.navigate", url=address)
        while self.evaluate("document.readyState") != "complete":
            pass

    def resize(self, width_px: int, height_px: int) -> None:
        """Give the page another size."""
        self.ask(
            "Emulation.setDeviceMetricsOverride", width=width_px, height=height_px, deviceScaleFactor=1, mobile=False
        )

    def close(self) -> None:
        """End the browser."""
        self._calls.put(None)
        self.process.terminate()
        self.process.wait(10)
        os.close(self._commands)

    def _read(self) -> None:
        pending = b""
        while data := self._answers.read(1 << 20):
            *messages, pending = (pending + data).split(b"\0")
            for message in map(json.loads, messages):
                if message.get("id") in self._waiting:
                    self._waiting.pop(message["id"]).put(message)
                elif message.get("method") == "Runtime.bindingCalled":
                    self._calls.put(message["params"]["payload"])

    def _call(self) -> None:
        while (payload := self._calls.get()) is not None:
            self._called(payload)
