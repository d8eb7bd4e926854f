"""What the issues of a project tell: how many, on what, by whom, and how long they stay open."""

from __future__ import annotations

from statistics import fmean, median
from typing import TYPE_CHECKING

from msgspec import Struct

from tui_editor.state.selectors import class_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui_editor.api.project import Project
    from tui_editor.model.issues import FiledIssue, Issue
    from tui_editor.model.ontology import Ontology

NO_TAG = "no tag"
NO_CLASS = "no class"
NO_STAGE = "not recorded"


class Share(Struct, frozen=True, kw_only=True):
    """The issues that have something in common: a kind, a tag, an author, a class or a stage."""

    name: str
    open: int
    resolved: int
    median_ms: float | None = None
    """From raising to resolving, of the resolved ones; None where none is."""

    @property
    def raised(self) -> int:
        """Return how many there are."""
        return self.open + self.resolved


class IssueStats(Struct, frozen=True, kw_only=True):
    """Figures of all issues that there are; deleted ones are gone, those of skips count."""

    whole: Share
    mean_ms: float | None
    """From raising to resolving, of the resolved ones."""
    longest_ms: int | None
    reopened: int
    """Issues that were opened again after somebody had resolved them."""
    comments: int
    groups: dict[str, tuple[Share, ...]]
    """By `kind`, `tag`, `author`, `class` and `stage`, the largest first. One with two tags counts under both."""


def kind_of(issue: Issue) -> str:
    """Return what people call an issue's kind: a rejection and a skip are kinds of their own."""
    if issue.rejection:
        return "label rejection"
    return "skip" if issue.skip else issue.kind.value.replace("_", " ")


def issue_stats(project: Project) -> IssueStats:
    """Return the figures of a project's issues."""
    return counted(project.store.issues(), project.info.ontology)


def counted(issues: Iterable[FiledIssue], ontology: Ontology) -> IssueStats:
    """Return the figures of issues."""
    tally = _Tally(ontology)
    for filed in issues:
        tally.add(filed)
    return tally.result()


def open_ms(issue: Issue) -> int | None:
    """Return how long an issue took from raising to its last resolving; None while it is open."""
    return max(0, issue.history[-1].at_ms - issue.created_ms) if issue.resolved else None


class _Tally:
    def __init__(self, ontology: Ontology) -> None:
        self._ontology = ontology
        self._times: list[int | None] = []
        self._groups: dict[str, dict[str, list[int | None]]] = {
            name: {} for name in ("kind", "tag", "author", "class", "stage")
        }
        self._reopened = self._comments = 0

    def add(self, filed: FiledIssue) -> None:
        issue = filed.issue
        took = open_ms(issue)
        self._times.append(took)
        self._reopened += any(not entry.resolved for entry in issue.history)
        self._comments += len(issue.comments)
        of_class = class_name(self._ontology, filed.class_id) if filed.class_id is not None else NO_CLASS
        for tag in issue.tags or (NO_TAG,):
            self._note("tag", tag, took)
        self._note("kind", kind_of(issue), took)
        self._note("author", issue.author, took)
        self._note("class", of_class, took)
        self._note("stage", issue.stage or NO_STAGE, took)

    def _note(self, group: str, name: str, took: int | None) -> None:
        self._groups[group].setdefault(name, []).append(took)

    def result(self) -> IssueStats:
        known = [t for t in self._times if t is not None]
        return IssueStats(
            whole=_share("all", self._times),
            mean_ms=fmean(known) if known else None,
            longest_ms=max(known, default=None),
            reopened=self._reopened,
            comments=self._comments,
            groups={
                group: tuple(sorted((_share(*item) for item in found.items()), key=lambda s: (-s.raised, s.name)))
                for group, found in self._groups.items()
            },
        )


def _share(name: str, times: list[int | None]) -> Share:
    known = [t for t in times if t is not None]
    middle = float(median(known)) if known else None
    return Share(name=name, open=len(times) - len(known), resolved=len(known), median_ms=middle)


def time_words(span_ms: float | None) -> str:
    """Return a span as people say it: seconds, minutes, hours or days; a dash for none."""
    if span_ms is None:
        return "–"
    seconds = span_ms / 1000
    for limit, size, unit in ((90, 1, "s"), (5400, 60, "min"), (129_600, 3600, "h")):
        if seconds < limit:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 86_400:.3g} d"
