"""The shell's front end."""
