"""What the tests in real emulators share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.terminals.harness import XDisplay

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def display() -> Iterator[XDisplay]:
    """Return an X display with nothing on it."""
    with XDisplay() as display:
        yield display
