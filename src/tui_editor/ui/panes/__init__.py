"""The panes around the canvas: rows in, messages out. They know neither the store nor each other."""
