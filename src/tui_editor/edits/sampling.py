"""Which instances of a task a reviewer has to judge, when not all of them."""

from __future__ import annotations

import math
from collections import defaultdict
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.ids import InstanceId
    from tui_editor.model.workflow import Sampling


def sampled(document: LabelDocument, sampling: Sampling) -> frozenset[InstanceId]:
    """Return the instances that a sampling picks, all when it has no rule; the same again for the same labels."""
    if not sampling.picks:
        return frozenset(document.instances)
    return frozenset((*_every(document, sampling), *_each_author(document, sampling), *_lowest(document, sampling)))


def _by_chance(document: LabelDocument) -> list[InstanceId]:
    """Return the instances in an order that is random and the same for everybody."""
    return sorted(document.instances, key=lambda i: (blake2b(str(i).encode(), digest_size=8).digest(), i))


def _every(document: LabelDocument, sampling: Sampling) -> list[InstanceId]:
    return _by_chance(document)[:: sampling.every] if sampling.every > 1 else []


def _each_author(document: LabelDocument, sampling: Sampling) -> Iterator[InstanceId]:
    if sampling.each_author <= 0:
        return
    of_author: dict[str, int] = defaultdict(int)
    for key in _by_chance(document):
        author = document.instances[key].created_by
        of_author[author] += 1
        if of_author[author] <= sampling.each_author:
            yield key


def _lowest(document: LabelDocument, sampling: Sampling) -> list[InstanceId]:
    if sampling.lowest_percent <= 0:
        return []
    wanted = math.ceil(len(document.instances) * min(sampling.lowest_percent, 100) / 100)
    return sorted(document.instances, key=lambda i: (mean_confidence(document, i), i))[:wanted]


def mean_confidence(document: LabelDocument, instance: InstanceId) -> float:
    """Return the mean confidence 0..1 of an instance's labels, 1 where it has none."""
    columns = [track.confidence for _, track in document.tracks_of(instance)]
    return float(np.concatenate(columns).mean()) if columns else 1.0
