"""Raise, discuss, resolve and go through issues."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_editor.commands import moving
from tui_editor.commands.command import LOOP, Command, on
from tui_editor.commands.context import Choice
from tui_editor.commands.permissions import may_discuss
from tui_editor.edits import issues as edits
from tui_editor.edits.review import tick
from tui_editor.errors import Refused
from tui_editor.model.issues import Issue, IssueKind
from tui_editor.model.workflow import TaskState
from tui_editor.state.issue_list import NO_FILTER, IssueFilter, Shown, issue_list, search_steps
from tui_editor.state.requirements import task_requirements
from tui_editor.state.view import Mode
from tui_editor.text import one_line

if TYPE_CHECKING:
    from tui_editor.commands.context import Context
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.ids import IssueId

MANY = 10_000  # a search of more issues is noticed
GROUP = "Issues"


def _turn(context: Context, by: int) -> None:
    wanted, now = context.loop.issue_filter, context.loop.issue
    found = issue_list(context.state, wanted, now)
    at = found.row(now)
    left = found.issues
    if not left or (at is not None and len(left) == 1 and left[0].resolved and wanted.shown is Shown.OPEN):
        raise Refused(_none_listed(wanted))
    target = left[(0 if by > 0 else -1) if at is None else (at + by) % len(left)]
    go_to(context, target)


def _none_listed(wanted: IssueFilter) -> str:
    if wanted.words:
        return f"no issue fits {one_line(wanted.words)}"
    return "no issue is resolved" if wanted.shown is Shown.RESOLVED else "no issue is open"


def go_to(context: Context, issue: Issue) -> None:
    """Make an issue the current one, and show what it hangs on."""
    context.loop.issue = issue.id
    if issue.unit is not None and issue.frames is not None:
        context.store.go(issue.unit, issue.frames[0])
    if issue.instance is not None and issue.instance in context.state.document.instances:
        moving.focus(context, issue.instance)
    if issue.point is not None:
        moving.show_point(context, issue.point)
    context.front.tell(f"{_kind_words(issue)}: {one_line(issue.title)}")


def _kind_words(issue: Issue) -> str:
    return "required" if issue.kind is IssueKind.REQUIREMENT else f"{issue.kind.value.replace('_', ' ')} issue"


def is_sent_back(document: LabelDocument) -> bool:
    """Return whether a reviewer sent the task back to its author with something open."""
    return document.status.state is TaskState.REOPENED and document.open_count > 0


def open_first(context: Context) -> None:
    """Show what a reviewer sent back: the issues pane has the keys, and the first open issue is shown."""
    first = issue_list(context.state, NO_FILTER).issues[0]
    go_to(context, first)
    context.front.focus_pane("issues")
    context.front.tell(f"sent back by {one_line(context.state.document.status.reviewer)}: {one_line(first.title)}")


def _next(context: Context) -> None:
    _turn(context, context.times)


def _previous(context: Context) -> None:
    _turn(context, -context.times)


def _current(context: Context) -> Issue:
    """Return the current issue, or one of the selected object; a task requirement may be it."""
    chosen = context.loop.issue
    issue = context.state.document.issues.get(chosen) if chosen is not None else None
    if issue is None and chosen is not None:
        issue = next((i for i in task_requirements(context.state) if i.id == chosen), None)
    if issue is None and context.state.selected is not None:
        found = context.state.document.issues_of(context.state.selected)
        issue = next((i for i in found if not i.resolved), found[-1] if found else None)
    if issue is None:
        raise Refused("no issue is chosen", hint="‹issue.next› goes to the next open one")
    return issue


def _thread(context: Context) -> Issue:
    """Return the current issue, to be changed: never a task requirement."""
    issue = _current(context)
    if issue.kind is IssueKind.REQUIREMENT:
        raise Refused(f"{one_line(issue.title)}: a requirement is gone when it is met", hint="annotate what is missing")
    return issue


def _reply(context: Context) -> None:
    issue = _thread(context)

    def typed(text: str) -> None:
        context.apply(edits.comment(context.state.document, issue.id, text, context.stamp()), "issue.reply")

    if context.argument:
        typed(context.argument)
    else:
        context.front.ask_text("Reply", "", typed)


def _toggle(context: Context) -> None:
    issue = _thread(context)
    document = context.state.document
    if issue.rejection and not issue.resolved and issue.instance is not None:
        patch = tick(document, issue.instance, context.stamp())
        patch = patch or edits.set_resolved(document, issue.id, True, context.stamp())
    else:
        patch = edits.set_resolved(document, issue.id, not issue.resolved, context.stamp())
    context.apply(patch, "issue.toggle")
    context.front.tell(f"{'reopened' if issue.resolved else 'resolved'}: {one_line(issue.title)}")


def _tags(context: Context) -> None:
    issue = _thread(context)

    def picked(tags: tuple[str, ...]) -> None:
        context.apply(edits.set_tags(context.state.document, issue.id, tags), "issue.tags")

    known = dict.fromkeys((*context.state.project.issue_tags, *issue.tags))
    choices = [Choice(value=t, label=t, picked=t in issue.tags) for t in known]
    context.front.pick("Tags", choices, picked, many=True)


def _delete(context: Context) -> None:
    issue = _thread(context)
    patch = edits.delete_issue(context.state.document, issue.id, context.store.person)
    context.front.confirm("Delete the thread", issue.title, lambda: context.apply(patch, "issue.delete"))


def choose(context: Context, issue_id: IssueId) -> None:
    """Make an issue the current one, as the issues pane does when its cursor moves."""
    context.loop.issue = issue_id


def _jump(context: Context) -> None:
    go_to(context, _current(context))


def _leave(context: Context) -> None:
    context.front.focus_pane("canvas")


def _show(context: Context) -> None:
    _choose_one(context)
    context.front.focus_pane("issues")


def _choose_one(context: Context) -> None:
    """Make an issue the current one where none is: an open one of the selected object, else the first in the list."""
    listed = issue_list(context.state, context.loop.issue_filter, context.loop.issue)
    if listed.row(context.loop.issue) is None and listed.issues:
        selected = context.state.selected
        own = context.state.document.issues_of(selected) if selected is not None else ()
        choose(context, next((i.id for i in own if listed.row(i.id) is not None), listed.issues[0].id))


def _filter(context: Context) -> None:
    order = tuple(Shown)
    now = context.loop.issue_filter
    shown = order[(order.index(now.shown) + 1) % len(order)]
    context.loop.issue_filter = replace(now, shown=shown)
    context.front.tell({Shown.OPEN: "open issues", Shown.RESOLVED: "resolved issues", Shown.ALL: "all issues"}[shown])


def _search(context: Context) -> None:
    def typed(words: str) -> None:
        wanted = replace(context.loop.issue_filter, words=" ".join(words.split()))
        if wanted.words and len(context.state.document.issues) > MANY:
            context.front.tell(f"searching {len(context.state.document.issues):,} issues …")
        context.front.go_through(search_steps(context.state, wanted), lambda: _searched(context, wanted))

    if context.argument:
        typed(context.argument)
    else:
        hint = "words of the thread  kind:pin  tag:hard  author:kim  class:car"
        context.front.ask_text("Search the issues", context.loop.issue_filter.words, typed, hint=hint)


def _searched(context: Context, wanted: IssueFilter) -> None:
    context.loop.issue_filter = wanted
    found = issue_list(context.state, wanted)
    context.front.tell(f"{len(found.issues):,} found")
    if not wanted.words:
        context.front.tell("no words are searched for")
    elif not found.issues:
        raise Refused(_none_listed(wanted))
    elif found.row(context.loop.issue) is None:
        go_to(context, found.issues[0])


COMMANDS = (
    Command(
        id="issue.next",
        title="Next open issue",
        doc="Goes to the next unresolved issue and shows what it hangs on.",
        run=_next,
        keys=on("}", *LOOP, Mode.ISSUES) + on("j, down", Mode.ISSUES),
        hint="",
        group=GROUP,
    ),
    Command(
        id="issue.previous",
        title="Previous open issue",
        doc="Goes to the previous unresolved issue.",
        run=_previous,
        keys=on("{", *LOOP, Mode.ISSUES) + on("k, up", Mode.ISSUES),
        group=GROUP,
    ),
    Command(
        id="issue.pane",
        title="Issues pane",
        doc="Gives the keys to the issues pane.",
        run=_show,
        keys=on("I"),
        group=GROUP,
    ),
    Command(
        id="issue.jump",
        title="Go to the issue",
        doc="Shows the frame and object that the issue hangs on.",
        run=_jump,
        keys=on("enter", Mode.ISSUES),
        hint="go there",
        group=GROUP,
    ),
    Command(
        id="issue.reply",
        title="Reply",
        doc="Adds a comment to the issue's thread.",
        run=_reply,
        keys=on("r", Mode.ISSUES),
        hint="reply",
        takes="TEXT",
        enabled=may_discuss,
        group=GROUP,
    ),
    Command(
        id="issue.toggle",
        title="Resolve or reopen",
        doc="Ticks the issue, or opens it again.",
        run=_toggle,
        keys=on("x", Mode.ISSUES) + on("g x", *LOOP),
        hint="resolve",
        enabled=may_discuss,
        group=GROUP,
    ),
    Command(
        id="issue.tags",
        title="Tags of the issue",
        doc="Chooses the issue's tags.",
        run=_tags,
        keys=on("#", Mode.ISSUES),
        hint="tags",
        enabled=may_discuss,
        group=GROUP,
    ),
    Command(
        id="issue.delete",
        title="Delete the issue",
        doc="Deletes a thread that you made; label rejections stay.",
        run=_delete,
        keys=on("d d", Mode.ISSUES),
        enabled=may_discuss,
        group=GROUP,
    ),
    Command(
        id="issue.filter",
        title="Open, resolved or all issues",
        doc="Lists the unresolved issues, the resolved ones, or all.",
        run=_filter,
        keys=on("f", Mode.ISSUES),
        hint="filter",
        group=GROUP,
    ),
    Command(
        id="issue.search",
        title="Search the issues",
        doc="Lists the issues in which all words are found, or of a kind:, tag:, author: or class:; none lists all.",
        run=_search,
        keys=on("/", Mode.ISSUES),
        takes="WORDS",
        hint="search",
        group=GROUP,
    ),
    Command(
        id="issue.leave",
        title="Back to the canvas",
        doc="Gives the keys back to the canvas.",
        run=_leave,
        keys=on("escape, q", Mode.ISSUES),
        hint="back",
        group=GROUP,
    ),
)
