"""The first picture, made by a process of its own while the editor's process imports the interface.

`start` decides whether there is one, `process` is the process, `picture` what it makes. What goes wrong there is never
told: the editor then makes its first picture itself, like all others.
"""
