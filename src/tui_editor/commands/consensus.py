"""Consensus review: look at the annotators' branches, keep labels of them, or send the task back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.commands import workflow
from tui_editor.commands.command import Command, on
from tui_editor.commands.context import Choice
from tui_editor.commands.permissions import may
from tui_editor.edits import consensus as edits
from tui_editor.edits.issues import new_issue, raise_issue
from tui_editor.edits.workflow import approve_task
from tui_editor.errors import Refused
from tui_editor.model.issues import IssueKind, Resolution
from tui_editor.model.patch import IssueChange, Patch, compose
from tui_editor.model.transitions import Action
from tui_editor.model.workflow import StageKind
from tui_editor.state.branch_view import BranchView
from tui_editor.state.selectors import instance_name
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui_editor.commands.context import Context
    from tui_editor.ports import OpenedTask

GROUP = "Review"
CONSENSUS_TAG = "consensus"


def in_consensus(context: Context) -> str:
    """Return why branches can't be judged here; empty in a consensus review."""
    if why := may(context, Action.DECIDE):
        return why
    kind = context.state.project.stage_kind(context.state.document.status)
    return "" if kind is StageKind.CONSENSUS_REVIEW else "only a consensus review has branches"


def _branches(context: Context) -> Sequence[OpenedTask]:
    found = context.front.branches()
    if not found:
        raise Refused("the task has no branches")
    return found


def _choices(found: Sequence[OpenedTask]) -> list[Choice]:
    """Return the branches for a picker, with how much each agrees with the others."""
    choices = []
    for each in found:
        others = [edits.agreement(each.document, o.document) for o in found if o is not each]
        share = f", agrees by {sum(others) / len(others):.0%}" if others else ""
        count = len(each.document.instances)
        hint = f"{count} object{'s' if count != 1 else ''}{share}"
        choices.append(Choice(value=each.task.branch, label=each.task.branch, hint=hint))
    return choices


def _of(found: Sequence[OpenedTask], branch: str) -> OpenedTask:
    each = next((each for each in found if each.task.branch == branch), None)
    if each is None:
        raise Refused(f"{one_line(branch)} has no branch here")
    return each


def _look(context: Context) -> None:
    """Show the next branch over the task, after the last one none."""
    found = _branches(context)
    now = context.state.comparing
    names = [each.task.branch for each in found]
    at = names.index(now.branch) + 1 if isinstance(now, BranchView) and now.branch in names else 0
    if at >= len(found):
        context.store.set(comparing=None)
        context.front.tell("no branch is shown")
        return
    context.store.set(comparing=BranchView(branch=names[at], document=found[at].document))
    hint = _choices(found)[at].hint
    context.front.tell(f"the labels of {one_line(names[at])}: {hint}; ‹consensus.look› shows the next ones")


def _keep(context: Context) -> None:
    found = _branches(context)
    stage = context.state.project.stage_of(context.state.document.status)

    def picked(names: tuple[str, ...]) -> None:
        kept = _of(found, names[0])
        if stage.determine:
            _ask_who_agrees(context, found, kept)
            return
        patch = edits.replaced(context.state.document, kept.document)
        context.store.set(comparing=None)
        context.apply(patch, "consensus.keep")
        context.front.tell(f"the task has the labels of {one_line(names[0])}: change what is left, then approve it")

    if context.argument:
        picked((context.argument,))
    else:
        context.front.pick("Whose labels are kept", _choices(found), picked)


def _ask_who_agrees(context: Context, found: Sequence[OpenedTask], kept: OpenedTask) -> None:
    def agreed(names: tuple[str, ...]) -> None:
        _reached(context, kept, names)

    choices = [Choice(value=each.task.branch, label=each.task.branch) for each in found]
    context.front.pick("Who agrees", choices, agreed, many=True)


def _reached(context: Context, kept: OpenedTask, names: tuple[str, ...]) -> None:
    """Keep a branch's labels, note who agrees, and pass the task: one step."""
    state, stamp = context.state, context.stamp()
    text = f"consensus reached: {', '.join(names) or 'nobody else'} agreed; kept the labels of {kept.task.branch}"
    issue = new_issue(IssueKind.FILE, text, stamp, tags=(CONSENSUS_TAG,))
    done = Resolution(resolved=True, by=stamp.person, at_ms=stamp.at_ms)
    noted = raise_issue(issue)
    told = Patch(tuple(_resolved(change, done) for change in noted.changes if isinstance(change, IssueChange)))
    labels = compose(edits.replaced(state.document, kept.document), told)
    document = state.document.apply(labels)
    passed = approve_task(document, state.project, stamp, state.task)
    context.store.set(comparing=None)
    workflow.hand_on(context, compose(labels, passed), "consensus.keep")


def _resolved(change: IssueChange, done: Resolution) -> IssueChange:
    from msgspec.structs import replace

    assert change.after is not None
    return IssueChange(change.id, None, replace(change.after, history=(done,)))


def _may_pick(context: Context) -> str:
    return in_consensus(context) or may(context, Action.LABEL)


def _pick(context: Context) -> None:
    """Take single objects over from the branches."""
    found = _branches(context)
    ontology = context.state.project.ontology
    choices = [
        Choice(value=f"{each.task.branch}\0{key}", label=f"{each.task.branch}: {instance_name(ontology, value)}")
        for each in found
        for key, value in sorted(each.document.instances.items(), key=lambda i: (i[1].class_id, i[1].ordinal))
    ]

    def picked(values: tuple[str, ...]) -> None:
        document, patches = context.state.document, []
        for each in found:
            keys = [k for k in each.document.instances if f"{each.task.branch}\0{k}" in values]
            patch = edits.adopted(document, each.document, keys)
            document = document.apply(patch)
            patches.append(patch)
        context.apply(compose(*patches), "consensus.pick")
        context.front.tell(f"{len(values)} object{'s' if len(values) != 1 else ''} taken over")

    context.front.pick("Objects to take over", choices, picked, many=True)


COMMANDS = (
    Command(
        id="consensus.look",
        title="Labels of the next annotator",
        doc="Shows the labels of one annotator after the other over the task, as ghosts.",
        run=_look,
        keys=on("g y"),
        hint="annotators",
        enabled=in_consensus,
        group=GROUP,
    ),
    Command(
        id="consensus.keep",
        title="Keep one annotator's labels",
        doc="Puts one annotator's labels in place of the task's; where consensus is determined it asks who agrees and "
        "passes the task. ‹task.reject› says that there is none.",
        run=_keep,
        keys=on("g k"),
        hint="keep one's",
        takes="PERSON",
        enabled=in_consensus,
        group=GROUP,
    ),
    Command(
        id="consensus.pick",
        title="Take objects of the annotators over",
        doc="Lists all annotators' objects; those that are picked are added to the task.",
        run=_pick,
        keys=on("g K"),
        enabled=_may_pick,
        group=GROUP,
    ),
)
