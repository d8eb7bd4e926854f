"""From state and pixels to a raster, and from a raster to terminal bytes."""
