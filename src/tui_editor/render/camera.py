"""From what a view keeps with the task, its camera and picture settings, to the viewport and pixels of a canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.render.levels import Tone
from tui_editor.render.pixels import PixelOptions
from tui_editor.render.viewport import Viewport
from tui_editor.state.view import Camera

if TYPE_CHECKING:
    from tui_editor.state.picture import PictureSettings
    from tui_editor.state.view import View


def viewport_for(
    camera: Camera,
    image_size: tuple[int, int],
    canvas_size: tuple[int, int],
    *,
    pixel_aspect: float = 1.0,
    rotation_deg: float = 0.0,
) -> Viewport:
    """Return what a camera shows on a canvas.

    Args:
        camera: Where the view looks.
        image_size: (width, height) of the frame in pixels.
        canvas_size: (width, height) of the canvas in screen pixels.
        pixel_aspect: Width of an image pixel over its height.
        rotation_deg: How far the view is turned clockwise.
    """
    if camera.center is None:
        return Viewport.fit(image_size, canvas_size, pixel_aspect=pixel_aspect, rotation_deg=rotation_deg)
    return Viewport(
        centre_px=camera.center,
        scale=camera.scale,
        canvas_size=canvas_size,
        pixel_aspect=pixel_aspect,
        rotation_deg=rotation_deg,
    ).clamp(image_size)


def fit_for(view: View, image_size: tuple[int, int], canvas_px: tuple[int, int]) -> tuple[int, int] | None:
    """Return the size (width, height) at which the whole frame is shown; None where it is magnified or unknown."""
    turn = view.picture.rotation_deg
    if view.camera.fitted and (not turn or min(image_size) <= 0):
        return canvas_px
    scale = viewport_for(view.camera, image_size, canvas_px, rotation_deg=turn).scale
    if scale >= 1 or min(image_size) <= 0:
        return None
    return max(1, round(image_size[0] * scale)), max(1, round(image_size[1] * scale))


def camera_for(viewport: Viewport) -> Camera:
    """Return the camera that shows what a viewport shows: same middle, same scale."""
    return Camera(center=viewport.centre_px, scale=viewport.scale)


def pixel_options(settings: PictureSettings) -> PixelOptions:
    """Return how a frame's pixels are shown; the rotation is the viewport's."""
    return PixelOptions(
        pixelated=settings.pixelated,
        window=settings.window,
        channel=settings.channel,
        tone=Tone(settings.contrast, settings.brightness, settings.gamma),
    )
