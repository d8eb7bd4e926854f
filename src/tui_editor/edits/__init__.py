"""Pure verbs of editing: (document, ...) -> Patch."""
