"""All readers that are given mutated inputs, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fuzz import label_files, media_files, settings_files, stores
from tests.fuzz.faulty import FAULTY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.fuzz.target import Target

TARGETS: Mapping[str, Target] = {
    target.name: target for part in (label_files, media_files, settings_files, stores) for target in part.targets()
}


BY_NAME: Mapping[str, Target] = {**TARGETS, FAULTY.name: FAULTY}


def shares(total: int) -> dict[str, int]:
    """Return how many of so many inputs each reader gets."""
    whole = sum(target.share for target in TARGETS.values())
    return {name: max(1, round(total * target.share / whole)) for name, target in TARGETS.items()}
