"""Go through what the checks find in the open task, and on to the next task with findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_editor.commands import moving
from tui_editor.commands.command import LOOP, Command, on
from tui_editor.commands.mend_words import mend_words
from tui_editor.errors import Refused
from tui_editor.model.ids import InstanceId
from tui_editor.state.findings import FoundFilter, finding_list
from tui_editor.state.view import Mode
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.api.quality.watching import TaskChecks
    from tui_editor.commands.context import Context
    from tui_editor.ports import Finding
    from tui_editor.state.findings import FindingList, Found

GROUP = "Findings"
_ORDER = (FoundFilter.WORSE, FoundFilter.ERRORS, FoundFilter.ALL, FoundFilter.WAIVED)
"""What the filter's key goes through."""


# --- what the checks say -------------------------------------------------------------------------------


def checks_of(context: Context) -> TaskChecks:
    """Return what checks the open task; it is made when it is first asked for."""
    loop, state = context.loop, context.state
    if loop.checks is None or not loop.checks.are_of(state.task, state.project):
        from tui_editor.api.quality.watching import TaskChecks

        tour = loop.tour
        carried = tour.findings.get(state.task.id, ()) if tour is not None else ()
        rules, known = (tour.rules, tour.known) if tour is not None else ((), frozenset[str]())
        loop.checks = TaskChecks(state.task, state.project, loop.folder, rules=rules, carried=carried, known=known)
    return loop.checks


def with_findings(context: Context, then: Callable[[], None], *, anew: bool = False) -> None:
    """Have the labels checked as they are now, then do something.

    Args:
        context: Of the command.
        then: What follows; the findings are in the state.
        anew: Look again although the labels are those that were checked: what is waived changed.
    """
    document, known = context.state.document, context.state.findings
    if known is not None and known.document is document and not anew:
        then()
        return
    if known is None:
        context.front.tell("checking…")
    checks = checks_of(context)

    def looked(found: Found) -> None:
        if context.state.document is not document:  # edited meanwhile
            with_findings(context, then, anew=anew)
            return
        context.store.set(findings=found)
        then()

    context.front.aside(lambda: checks.look(document), looked)


def listed(context: Context) -> FindingList:
    """Return the listed findings.

    Raises:
        Refused: the checks have not run, or can't.
    """
    found = context.state.findings
    if found is None:
        raise Refused("the task was not checked yet", hint="‹finding.open› checks it")
    if found.problem:
        raise Refused(found.problem)
    return finding_list(found, context.state.task, context.loop.finding_filter)


def current(context: Context) -> Finding:
    """Return the current finding, as the checks say it now.

    Raises:
        Refused: none is, or it is gone.
    """
    chosen, known = context.loop.finding, listed(context)
    row = known.row(chosen)
    if chosen is None:
        raise Refused("no finding is chosen", hint="‹finding.open› goes to the next one")
    if row is None:
        raise Refused("this finding is gone", hint="‹finding.open› goes to the next one")
    return known.findings[row]


# --- going through -------------------------------------------------------------------------------------


def turn(context: Context, by: int) -> None:
    """Go so many findings on; beyond the ends to the next task of a tour, or round.

    Raises:
        Refused: none is listed.
    """
    known, now = listed(context), context.loop.finding
    if not known.findings:
        _leave_task(context, by, why=none_listed(context))
        return
    row = known.row(now)
    if row is not None:
        target = row + by
    else:
        view = context.state.view
        begin = known.from_frame(context.state.task, view.unit, view.frame) if now is None else known.behind(now)
        target = begin + by - (1 if by > 0 else 0)
    if 0 <= target < len(known.findings):
        go_to(context, known.findings[target])
    elif context.loop.tour is not None:
        _leave_task(context, by, why="that was the last finding" if by > 0 else "this is the first finding")
    else:
        go_to(context, known.findings[target % len(known.findings)], round_=True)


def _leave_task(context: Context, by: int, why: str) -> None:
    """Open the next task of the tour.

    Raises:
        Refused: there is none.
    """
    tour = context.loop.tour
    task = tour.neighbour(context.state.task.id, by) if tour is not None else None
    if tour is None or task is None:
        raise Refused(why)
    tour.backwards, tour.close_up = by < 0, context.state.view.auto_zoom
    context.front.open_task(task)


def none_listed(context: Context) -> str:
    """Return why no finding is listed."""
    wanted, found = context.loop.finding_filter, context.state.findings
    if wanted.words:
        return f"no finding fits {one_line(wanted.words)}"
    if wanted.shown is FoundFilter.WAIVED:
        return "nothing is waived"
    if wanted.shown is FoundFilter.BLOCKING:
        return "nothing blocks submitting any more"
    if found is not None and any(found.counts):
        return f"nothing of {wanted.shown} is found; ‹finding.filter› in the pane lists the others"
    return "the checks find nothing wrong"


def go_to(context: Context, finding: Finding, *, round_: bool = False, said: str = "") -> None:
    """Make a finding the current one, show what it is about, and say what can be done; `said` is said before that."""
    store, loop = context.store, context.loop
    loop.finding = finding
    document = context.state.document
    owner = InstanceId(finding.instance) if finding.instance is not None else None
    owner = owner if owner in document.instances else None
    if finding.unit is not None and finding.frame is not None:
        store.go(finding.unit, finding.frame)
    view = context.state.view
    if owner is not None and finding.frame is None:
        moving.focus(context, owner)
    elif owner is not None:
        store.select(owner)
        if document.label(owner, view.unit, view.frame) is not None:
            _show_object(context, owner)
    elif finding.frame is not None:
        store.select()
        _show_place(context, finding)
    context.front.tell(said + told(context, finding, round_=round_))


def _show_object(context: Context, instance: InstanceId) -> None:
    """Bring an object of the active frame into view: close up where the view follows the selected object."""
    if context.state.view.auto_zoom:
        moving.zoom_on(context, instance)
    else:
        moving.scroll_to(context, instance)
    context.loop.since = context.store.clock.monotonic()


def _show_place(context: Context, finding: Finding) -> None:
    """Bring the place of a finding without an object into view."""
    if finding.box_px is None:
        return
    x, y, width, height = finding.box_px
    if context.state.view.auto_zoom:
        moving.zoom_on_box(context, (x, y, x + width, y + height))
    else:
        moving.show_point(context, (x + width / 2, y + height / 2))


def told(context: Context, finding: Finding, *, round_: bool = False) -> str:
    """Return a finding in a line: where it stands in the list, what is wrong, what can be done."""
    known = listed(context)
    row = known.row(finding)
    place = f"{row + 1}/{len(known.findings)} " if row is not None else ""
    again = "from the beginning: " if round_ and row == 0 else "from the end: " if round_ else ""
    can = mend_words(context.state, finding) or finding.hint
    return f"{again}{place}{finding.rule} {one_line(finding.message, 160)}" + (f" → {can}" if can else "")


def begin(context: Context) -> None:
    """Show the first finding of a task that a tour came to, or its last one when it came from behind."""
    tour = context.loop.tour
    assert tour is not None
    by = -1 if tour.backwards else 1
    if tour.close_up:
        context.store.set_view(auto_zoom=True)

    def shown() -> None:
        known = listed(context)
        if not known.findings:
            _leave_task(context, by, why=f"{none_listed(context)}; no other task has findings")
            return
        go_to(context, known.findings[-1 if by < 0 else 0])
        tour.backwards = False

    context.front.focus_pane("findings")
    with_findings(context, shown)


def show_after_edit(context: Context, before: Finding, done: str) -> None:
    """Check again, and show what stands in a finding's place: the next one where it is gone, else what it says now.

    Args:
        context: Of the command.
        before: The finding that was dealt with.
        done: What was done, in a word or two.
    """

    def shown() -> None:
        known = listed(context)
        row = known.row(before)
        if row is not None:
            go_to(context, known.findings[row], said="still found: ")
        elif not known.findings:
            context.loop.finding = None
            _leave_task(context, 1, why=f"{done}: {none_listed(context)}")
        elif known.behind(before) < len(known.findings):
            go_to(context, known.findings[known.behind(before)], said=f"{done}; ")
        elif context.loop.tour is not None:
            _leave_task(context, 1, why=f"{done}: that was the last finding")
        else:
            go_to(context, known.findings[0], round_=True, said=f"{done}; ")

    with_findings(context, shown)


# --- commands ------------------------------------------------------------------------------------------


def _open(context: Context) -> None:
    context.front.focus_pane("findings")
    with_findings(context, lambda: turn(context, context.times))


def _next(context: Context) -> None:
    with_findings(context, lambda: turn(context, context.times))


def _previous(context: Context) -> None:
    with_findings(context, lambda: turn(context, -context.times))


def _leave(context: Context) -> None:
    context.front.focus_pane("canvas")


def _filter(context: Context) -> None:
    now = context.loop.finding_filter
    at = _ORDER.index(now.shown) if now.shown in _ORDER else -1
    context.loop.finding_filter = replace(now, shown=_ORDER[(at + 1) % len(_ORDER)])
    context.front.tell(f"listed: {context.loop.finding_filter.shown}")


def _sort(context: Context) -> None:
    now = context.loop.finding_filter
    context.loop.finding_filter = replace(now, worst_first=not now.worst_first)
    context.front.tell("by frame" if now.worst_first else "the worst first")


def _search(context: Context) -> None:
    def typed(words: str) -> None:
        wanted = context.loop.finding_filter = replace(context.loop.finding_filter, words=" ".join(words.split()))
        if not wanted.words:
            context.front.tell("no words are searched for")
            return
        with_findings(context, found)

    def found() -> None:
        known = listed(context)
        if not known.findings:
            raise Refused(none_listed(context))
        if known.row(context.loop.finding) is None:
            go_to(context, known.findings[0])

    if context.argument:
        typed(context.argument)
    else:
        hint = "words of the message  rule:G04  severity:error  object:car  can:clip"
        context.front.ask_text("Search the findings", context.loop.finding_filter.words, typed, hint=hint)


def _alike(context: Context) -> None:
    """List the findings of the current one's rule alone, or again all."""
    finding, now = context.loop.finding, context.loop.finding_filter
    if finding is None:
        raise Refused("no finding is chosen", hint="‹finding.open› goes to the next one")
    words = f"rule:{finding.rule}"
    context.loop.finding_filter = replace(now, words="" if now.words == words else words)
    context.front.tell("all rules" if now.words == words else f"{finding.rule} alone; again lists all")


COMMANDS = (
    Command(
        id="finding.open",
        title="Next finding",
        doc="Checks what was edited, shows the findings pane, and goes to the next finding: frame, object, reason.",
        run=_open,
        keys=on("F", *LOOP, Mode.FINDINGS),
        count="findings",
        group=GROUP,
    ),
    Command(
        id="finding.next",
        title="Next finding in the list",
        doc="Goes to the next finding; behind the last one to the next task, where many are gone through.",
        run=_next,
        keys=on("j, down, }", Mode.FINDINGS),
        hint="next",
        count="findings",
        group=GROUP,
    ),
    Command(
        id="finding.previous",
        title="Previous finding",
        doc="Goes to the previous finding.",
        run=_previous,
        keys=on("k, up, {", Mode.FINDINGS),
        count="findings",
        group=GROUP,
    ),
    Command(
        id="finding.filter",
        title="Which findings",
        doc="Lists errors and warnings, errors alone, all findings, or those that are waived.",
        run=_filter,
        keys=on("f", Mode.FINDINGS),
        hint="filter",
        group=GROUP,
    ),
    Command(
        id="finding.sort",
        title="Findings by frame or the worst first",
        doc="Lists the findings by frame, or by severity and then frame.",
        run=_sort,
        keys=on("S", Mode.FINDINGS),
        group=GROUP,
    ),
    Command(
        id="finding.alike",
        title="Findings of this rule alone",
        doc="Lists the findings of the current one's rule alone, or again all.",
        run=_alike,
        keys=on("*", Mode.FINDINGS),
        hint="this rule",
        group=GROUP,
    ),
    Command(
        id="finding.search",
        title="Search the findings",
        doc="Lists the findings in which all words are found, or of a rule:, severity:, object: or can: (clip, fill).",
        run=_search,
        keys=on("/", Mode.FINDINGS),
        takes="WORDS",
        hint="search",
        group=GROUP,
    ),
    Command(
        id="finding.leave",
        title="Leave the findings",
        doc="Gives the keys back to the canvas; the pane stays.",
        run=_leave,
        keys=on("escape, q", Mode.FINDINGS),
        hint="back",
        group=GROUP,
    ),
)
