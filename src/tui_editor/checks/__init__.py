"""What can be wrong with a task: rules by family, found through one registry."""
