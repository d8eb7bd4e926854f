"""What every test gets."""

from __future__ import annotations

import os
from atexit import register
from shutil import rmtree
from tempfile import mkdtemp

from hypothesis import Phase, settings

# Animations, blinking and parallel BLAS make runs differ; tests want the same picture each time.
os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# The configuration of whoever runs the tests must not change what they see.
os.environ["XDG_CONFIG_HOME"] = "/nonexistent"

# Nor must tests change what is kept in the person's state folder.
os.environ["XDG_STATE_HOME"] = mkdtemp(prefix="tui-editor-state-")
register(rmtree, os.environ["XDG_STATE_HOME"], ignore_errors=True)

# A time limit for each example would fail on a busy machine; speed lives in bench/.
settings.register_profile("no-deadline", deadline=None)
# Where only whether something fails is asked, and not what the smallest example of it is.
settings.register_profile("no-shrinking", deadline=None, database=None, phases=[Phase.explicit, Phase.generate])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "no-deadline"))
