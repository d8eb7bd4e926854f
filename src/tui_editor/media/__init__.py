"""Frame sources: images, sequences, videos, read by exact frame index."""
