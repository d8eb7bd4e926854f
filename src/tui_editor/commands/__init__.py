"""Everything a key, the palette, the command line or a script can run. Knows nothing of terminals."""
