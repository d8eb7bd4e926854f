"""The slow line that the SSH tests go over."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.support.slow_line import SlowLine

if TYPE_CHECKING:
    from collections.abc import Iterator

SENT = np.random.default_rng(1).bytes(200_000)


@pytest.fixture
def echo() -> Iterator[int]:
    """Return the port of a server that sends back what it gets from one client."""
    server = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        client, _ = server.accept()
        with client:
            while data := client.recv(10_000):
                client.sendall(data)

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    yield server.getsockname()[1]
    thread.join()
    server.close()


def connected(line: SlowLine) -> socket.socket:
    return socket.create_connection(("127.0.0.1", line.port))


def test_all_bytes_arrive_in_order_and_the_end_too(echo: int) -> None:
    with (
        SlowLine(echo, bytes_a_s=2e6, delay_s=0.005) as line,
        socket.create_connection(("127.0.0.1", line.port)) as end,
    ):
        threading.Thread(target=end.sendall, args=(SENT,), daemon=True).start()
        got = bytearray()
        while len(got) < len(SENT):
            got += end.recv(1 << 16)
        assert bytes(got) == SENT

        end.shutdown(socket.SHUT_WR)
        assert end.recv(1) == b""
