"""The screens around the canvas; each is imported when it is first opened."""
