"""What every test gets."""

from __future__ import annotations

import os
from atexit import register
from shutil import rmtree
from tempfile import mkdtemp

import pytest
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


class FailuresAtOnce:
    """Prints each failure when it happens: a run that is ended for its time still says what failed."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        screen = self.config.pluginmanager.get_plugin("terminalreporter")
        if report.failed and screen is not None:
            screen.write_line(f"\nFAILED {report.nodeid} ({report.when}): {_reason(report)}")


def _reason(report: pytest.TestReport) -> str:
    crash = getattr(report.longrepr, "reprcrash", None)
    return str(crash.message if crash else report.longrepr).strip().partition("\n")[0][:200]


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(FailuresAtOnce(config))
