"""Issues of a data unit in columns: any changes leave the table that is made anew."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tui_editor.model.ids import IssueId
from tui_editor.model.issue_table import IssueTable, make_table, together
from tui_editor.model.issues import Issue, IssueKind, Resolution

FRAMES = st.none() | st.tuples(st.integers(0, 3), st.integers(3, 5))
TIMES = st.integers(-2, 3) | st.sampled_from([2**70, -(2**70)])


@st.composite
def issues(draw: st.DrawFn, least: int = 1, most: int = 40) -> dict[IssueId, Issue]:
    found = {}
    for number in draw(st.sets(st.integers(least, most), max_size=12)):
        history = (Resolution(resolved=True, by="ann", at_ms=1),) if draw(st.booleans()) else ()
        found[IssueId(number)] = Issue(
            id=IssueId(number),
            kind=IssueKind.FRAME,
            author="ann",
            created_ms=draw(TIMES),
            frames=draw(FRAMES),
            history=history,
        )
    return found


def rows(table: IssueTable) -> list[tuple[list[int], bool]]:
    return list(zip(table.order.T.tolist(), table.is_open.tolist(), strict=True))


@given(issues(), issues())
def test_a_changed_table_is_that_of_the_issues_that_are_left(
    old: dict[IssueId, Issue], new: dict[IssueId, Issue]
) -> None:
    changed = make_table(old.values()).changed(
        [issue for key, issue in old.items() if new.get(key) != issue],
        [issue for key, issue in new.items() if old.get(key) != issue],
    )
    assert rows(changed) == rows(make_table(new.values()))


@given(issues())
def test_places_are_the_same_columns_where_issues_are_only_resolved(found: dict[IssueId, Issue]) -> None:
    table = make_table(found.values())
    done = [replace(i, history=(Resolution(resolved=not i.resolved, by="ann", at_ms=2),)) for i in found.values()]
    changed = table.changed(list(found.values()), done)
    assert changed.order is table.order
    assert rows(changed) == rows(make_table(done))
    assert changed.open_count + table.open_count == len(found)


@given(issues())
def test_the_oldest_open_issue_is_the_one_raised_first(found: dict[IssueId, Issue]) -> None:
    left = {key: replace(i, created_ms=abs(i.created_ms) % 3) for key, i in found.items()}
    wanted = min(((i.created_ms, i.id) for i in left.values() if not i.resolved), default=None)
    table = make_table(left.values())
    assert (table.oldest_open if table.open_count else None) == wanted


@given(issues(), issues())
def test_rows_are_found_in_another_table_where_the_issue_is_unchanged(
    old: dict[IssueId, Issue], new: dict[IssueId, Issue]
) -> None:
    before = make_table(old.values())
    after = before.changed(
        [issue for key, issue in old.items() if new.get(key) != issue],
        [issue for key, issue in new.items() if old.get(key) != issue],
    )
    ids = before.ids.tolist()
    wanted = [ids.index(n) if old.get(n) == new[n] else -1 for n in after.ids.tolist()]
    assert after.rows_in(before).tolist() == wanted


@given(issues(1, 20), issues(21, 40))
def test_tables_together_are_that_of_all_their_issues(some: dict[IssueId, Issue], more: dict[IssueId, Issue]) -> None:
    both = together([make_table(some.values()), make_table(more.values())])
    assert rows(both) == rows(make_table([*some.values(), *more.values()]))


@given(issues())
def test_rows_rise_by_frames_age_and_id(found: dict[IssueId, Issue]) -> None:
    table = make_table(found.values())
    keys = [tuple(row) for row in table.order.T.tolist()]
    assert keys == sorted(keys)
    assert table.bounds.shape == (2, len(found))
    assert sorted(table.ids.tolist()) == sorted(found)
