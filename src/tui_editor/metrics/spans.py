"""Temporal IoU: how far the frames on which something is said to be agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from tui_editor.metrics.identity import Partners
    from tui_editor.metrics.pairs import Floats
    from tui_editor.metrics.series import Scene


def temporal_iou(scene: Scene, partners: Partners) -> Floats:
    """Return the frames that partners share over those of either, float64 (k,) in 0..1."""
    truth, found = scene.truth, scene.found
    mate = np.full(truth.identity_count, -1, np.int64)
    mate[partners.truth] = partners.found
    last = max(int(s.frames.max(initial=0)) for s in (truth, found)) + 1
    known = mate[truth.identities] >= 0
    wanted = mate[truth.identities[known]] * last + truth.frames[known]
    both = np.isin(wanted, found.identities * last + found.frames)
    common = np.bincount(truth.identities[known][both], minlength=truth.identity_count)[partners.truth]
    union = truth.sizes()[partners.truth] + found.sizes()[partners.found] - common
    return np.asarray(common / union, np.float64)
