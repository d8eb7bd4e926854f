from __future__ import annotations

from tui_editor.formats.losses import LossLog
from tui_editor.ports import Loss


def test_losses_are_counted_by_kind_with_the_first_place() -> None:
    log = LossLog()
    log.add("crowd flag", "a\x1b.json")
    log.add("circle", "b.json", 2)
    log.extend([Loss(what="crowd flag", where="c.json", count=3)])
    assert log.losses() == (
        Loss(what="crowd flag", where="a␛.json", count=4),
        Loss(what="circle", where="b.json", count=2),
    )


def test_an_empty_log_is_false() -> None:
    assert not LossLog()
