"""Which objects a name means: found by their ranks, so that a hundred thousand are gone through in milliseconds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tui_editor.state.memo import remember_last
from tui_editor.state.ranking import CLASS, NUMBER

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui_editor.model.ontology import Ontology
    from tui_editor.state.ranking import Rank, Ranking

_WORDS: Final = re.compile(r"^(.*?)\s*\(?(\d*)(\)?)$")


def name_test(text: str, ontology: Ontology, ranking: Ranking) -> Callable[[Rank], bool]:
    """Return what tells whether an object is called so, whatever the case.

    `car` is in the name of its class, `12` begins its number, `car 12` does both; `car (12)` has just that number. A
    name that has digits itself is found as well.
    """
    words = " ".join(text.split()).casefold()
    found = _WORDS.match(words)
    name, digits, closed = found.groups() if found else (words, "", "")
    classes = {place: _name(ontology, class_id) for place, class_id in ranking.classes().items()}
    by_name = {place for place, called in classes.items() if words and words in called}
    by_both = {place for place, called in classes.items() if name in called} if digits else set()

    sign = ranking.sign  # the places as ranks have them: this is asked of every object that is listed
    named, both = {sign * place for place in by_name}, {sign * place for place in by_both - by_name}
    if not both:
        return lambda rank: rank[CLASS] in named

    def fits(rank: Rank) -> bool:
        if rank[CLASS] in both:
            number = str(sign * rank[NUMBER])
            return number == digits if closed else number.startswith(digits)
        return rank[CLASS] in named

    return fits


def _name(ontology: Ontology, class_id: object) -> str:
    entry = ontology.find(class_id)  # type: ignore[arg-type]  # the ranking's classes are those of instances
    return (entry.name if entry else str(class_id)).casefold()


MOST_COUNTED: Final = 20_000
"""Among more objects those that are found are not counted."""


@remember_last
def found_count(ranks: Sequence[Rank], text: str, ontology: Ontology, ranking: Ranking) -> int:
    """Return how many of the listed objects are called so."""
    return sum(map(name_test(text, ontology, ranking), ranks))
