"""What a decoder raises for bytes that somebody else may have written."""

from __future__ import annotations

from typing import Final

import msgspec

UNREADABLE: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What msgspec raises for bytes that are not JSON or MessagePack, not of the wanted type, or nested too deeply."""
