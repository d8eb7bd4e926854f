"""What every test gets."""

from __future__ import annotations

import os

# Animations, blinking and parallel BLAS make runs differ; tests want the same picture each time.
os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
