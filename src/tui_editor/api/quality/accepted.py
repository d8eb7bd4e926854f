"""What is accepted of the findings: those of a baseline, and those that somebody waived."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from tui_editor.errors import InputError
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from tui_editor.api.quality.settings import Waiver
    from tui_editor.ports import Finding

VERSION: Final = 1


class BaselineBroken(InputError):
    """A baseline can't be read."""


def load_baseline(file: Path) -> Mapping[str, int]:
    """Return how often each key is in a baseline.

    Raises:
        BaselineBroken: it is missing, or is none.
    """
    where = one_line(str(file))
    try:
        said: Any = json.loads(file.read_text(encoding="utf-8"))
        keys = [str(entry["key"]) for entry in said["findings"]]
    except OSError as error:
        raise BaselineBroken("the baseline can't be read", where=where, hint="make it with --write-baseline") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BaselineBroken("this is no baseline", where=where, hint="make it anew with --write-baseline") from error
    if said.get("version") != VERSION:
        raise BaselineBroken(f"the baseline has the version {one_line(str(said.get('version')))}", where=where)
    return Counter(keys)


def save_baseline(file: Path, findings: Sequence[Finding]) -> None:
    """Write a baseline: a line for each finding, sorted, so that a version control shows what came and went.

    Raises:
        BaselineBroken: it can't be written.
    """
    rows = sorted((f.rule, f.title, f.file, f.frame if f.frame is not None else -1, f.key, f.message) for f in findings)
    lines = []
    for rule, title, file_name, frame, key, message in rows:
        place = one_line(f"{title} {file_name} {frame}")
        lines.append(json.dumps({"key": key, "rule": rule, "place": place, "message": message}))
    body = ",\n".join(lines)
    try:
        file.write_text(f'{{"version": {VERSION}, "findings": [\n{body}\n]}}\n', encoding="utf-8")
    except OSError as error:
        raise BaselineBroken("the baseline can't be written", where=one_line(str(file))) from error


class Accepted:
    """Lets findings through that nobody accepted, and counts the others.

    Args:
        baseline: How often each key is accepted.
        waivers: Findings that somebody accepted.
        today: The day by which waivers end.
    """

    def __init__(self, baseline: Mapping[str, int], waivers: Sequence[Waiver], today: dt.date | None = None) -> None:
        self._left = Counter(baseline)
        self._waivers: dict[str, list[Waiver]] = {}
        for waiver in waivers:
            self._waivers.setdefault(waiver.key, []).append(waiver)
        self._today = today or dt.datetime.now(dt.UTC).date()
        self.known = 0
        """Findings of the baseline."""
        self.waived = 0
        self.ended: list[Waiver] = []
        """Waivers whose finding is there, and which no longer hold."""

    def through(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Yield the findings that nobody accepted."""
        for finding in findings:
            waivers = self._waivers.get(finding.key, ()) if self._waivers else ()
            if any(w.holds(finding, self._today) for w in waivers):
                self.waived += 1
            elif self._left.get(finding.key, 0) > 0:
                self._left[finding.key] -= 1
                self.known += 1
            else:
                self.ended += [w for w in waivers if w.rule == finding.rule]
                yield finding

    def summary(self) -> str:
        """Return what was accepted, in words; empty when nothing was."""
        parts = [f"{self.known} in the baseline"] * bool(self.known) + [f"{self.waived} waived"] * bool(self.waived)
        return ", ".join(parts)
