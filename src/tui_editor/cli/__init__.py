"""The shell's front end: one module a command, imported when the command is asked for."""
