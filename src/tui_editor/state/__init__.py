"""What is open and selected now: store, history, selectors, filters."""
