"""From what a view keeps with the task, its camera and picture settings, to the viewport and pixels of a canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.render.levels import Tone
from tui_editor.render.pixels import PixelOptions
from tui_editor.render.viewport import Viewport
from tui_editor.state.view import Camera

if TYPE_CHECKING:
    from tui_editor.state.picture import PictureSettings


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
