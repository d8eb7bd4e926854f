"""Values of the label domain. No I/O."""
