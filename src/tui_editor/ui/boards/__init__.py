"""The boards around the canvas: menu, settings, shortcuts, project, notifications; imported when first opened."""
