"""From what should be seen to the bytes that show it, outside the event loop."""
