"""How a canvas is put on the screen: one class for each kind of graphics, all behind `Surface`.

The rule of threads: `encode` runs on the pipeline's thread and only reads; what it returns is handed to `show` on the
event loop, where all else happens. There is at most one `encode` under way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from msgspec import Struct

if TYPE_CHECKING:
    from textual.strip import Strip

    from tui_editor.render.viewport import Viewport
    from tui_editor.ui.picture.composed import Composed
    from tui_editor.ui.picture.kitty_layers import KittyPicture
    from tui_editor.ui.picture.layout import Layout, Mask
    from tui_editor.ui.picture.owned_cells import CellPicture, Painted
    from tui_editor.ui.picture.placeholder_surface import PlaceholderPicture
    from tui_editor.ui.picture.quality import Quality


class Update(Struct, frozen=True, kw_only=True, eq=False):
    """What `encode` made for a layout."""

    layout: Layout
    picture: KittyPicture | CellPicture | PlaceholderPicture | tuple[Strip, ...]
    painted: Painted | None = None
    """Pixels in cells: which are painted, and how."""
    changed: Mask | None = None
    """Pixels in cells: which look different from the picture before, painted or not."""

    frame_bytes: int = 0
    """Size of the frame's own pixels on the wire; 0 when they were not sent."""


class Prepared(Struct, frozen=True):
    """What uploads a picture before it is asked for."""

    data: bytes
    quality: Quality


class Shown(NamedTuple):
    """The bytes of an update."""

    ahead: bytes
    """What changes nothing on the screen yet."""
    data: bytes


NOTHING = Shown(b"", b"")


class Surface(Protocol):
    """Shows pictures of one canvas."""

    @property
    def past_compositor(self) -> bool:
        """Return whether pictures are bytes that the compositor knows nothing of."""

    @property
    def farewell(self) -> bytes:
        """Return what leaves nothing behind in the terminal, whatever was shown."""

    @property
    def strips(self) -> tuple[Strip, ...]:
        """Return the picture as rows of text; empty where it is none."""

    @property
    def layered(self) -> bool:
        """Return whether pixels and text do not harm each other."""

    @property
    def ahead_frames(self) -> int:
        """Return how many neighbours can be prepared."""

    @property
    def quality(self) -> Quality:
        """Return how true the picture is that is shown."""

    def encode(self, composed: Composed | None, layout: Layout, quality: Quality) -> Update:
        """Return an update that shows a canvas; for None, one that shows the last picture where it is gone."""

    def is_ready(self, composed: Composed, layout: Layout, quality: Quality) -> bool:
        """Return whether `encode` has next to nothing to do: the canvas was prepared."""

    def prepare(self, composed: Composed, layout: Layout, quality: Quality) -> bytes:
        """Return, on the pipeline's thread, what uploads a canvas that may be wanted next; empty when nothing can."""

    def show(self, update: Update, layout: Layout) -> Shown:
        """Take an update as shown; return its bytes for where the canvas lies now."""

    def adopt(self, update: Update, composed: Composed | None) -> None:
        """Take in that a surface like this one made the first update elsewhere, and of what; None: it is not known."""

    def follow(self, viewport: Viewport, layout: Layout) -> bytes | None:
        """Return what moves the shown picture to another viewport without pixels; None where that can't be."""

    def overwritten(self, cells: Mask, layout: Layout) -> bytes:
        """Take in that the compositor wrote cells and where the canvas lies now; return what is to be written now."""

    def gone(self, layout: Layout) -> bool:
        """Return whether the picture is missing on cells that could show it."""

    def hide(self) -> bytes:
        """Drop the picture; return what takes it off the screen."""

    def forget(self) -> None:
        """Drop the picture; the terminal holds nothing of it."""
