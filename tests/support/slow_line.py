"""A TCP line of a given rate and delay, on loopback: what a client sends to its port goes to another one, as slowly."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine

T = TypeVar("T")

_PIECE = 4096
_BUFFER_S = 0.02
"""What routers on the way hold: a sender that is quicker has to wait."""


class SlowLine:
    """A line to a port of this machine. Use it as a context manager.

    Args:
        port: Where it ends.
        bytes_a_s: How much each direction carries.
        delay_s: How long a byte is on its way.
    """

    port: int
    """Where it begins."""

    def __init__(self, port: int, *, bytes_a_s: float, delay_s: float) -> None:
        self._to, self._bytes_a_s, self._delay_s = port, bytes_a_s, delay_s
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="slow-line", daemon=True)
        self._running: set[asyncio.Task[None]] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        self.port = self._do(self._listen())
        return self

    def __exit__(self, *_: object) -> None:
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _do(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    async def _listen(self) -> int:
        self._server = await asyncio.start_server(self._join, "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def _end(self) -> None:
        self._server.close()
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        await asyncio.sleep(0)  # connections close on the loop's next round

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back, forth = await asyncio.open_connection("127.0.0.1", self._to)
        for ends in ((reader, forth), (back, writer)):
            task = asyncio.ensure_future(self._carry(*ends))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        arriving = asyncio.ensure_future(self._arrive(way, writer))
        free_at = 0.0
        try:
            while data := await reader.read(_PIECE):
                free_at = max(free_at, self._loop.time()) + len(data) / self._bytes_a_s
                way.put_nowait((free_at + self._delay_s, data))
                await asyncio.sleep(free_at - self._loop.time() - _BUFFER_S)
            way.put_nowait((self._loop.time() + self._delay_s, b""))
            await arriving
        except ConnectionError:
            pass
        finally:
            arriving.cancel()
            writer.close()

    async def _arrive(self, way: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
        while True:
            at, data = await way.get()
            await asyncio.sleep(at - self._loop.time())
            if not data:
                return
            writer.write(data)
            await writer.drain()
