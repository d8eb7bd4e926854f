"""What every test gets."""

from __future__ import annotations

import os

from hypothesis import settings

# Animations, blinking and parallel BLAS make runs differ; tests want the same picture each time.
os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# The configuration of whoever runs the tests must not change what they see.
os.environ["XDG_CONFIG_HOME"] = "/nonexistent"

# A time limit for each example would fail on a busy machine; speed lives in bench/.
settings.register_profile("no-deadline", deadline=None)
settings.load_profile("no-deadline")
