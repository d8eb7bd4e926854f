"""The shell's commands: one module each, imported only when the command is used. The list is in `cli.table`."""
