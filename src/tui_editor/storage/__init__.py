"""Project stores: SQLite, in-memory, and the thread that commits."""
