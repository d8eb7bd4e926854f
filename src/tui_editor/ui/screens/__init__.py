"""The screens: they hand changed slices of the state to their panes, and keys to the command table."""
