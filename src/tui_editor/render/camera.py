"""Between the camera of a view, which is kept with the task, and the viewport of a canvas, which has a size."""

from __future__ import annotations

from tui_editor.render.viewport import Viewport
from tui_editor.state.view import Camera


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
