"""The default engine: one SQLite file through apsw. Nothing else in the process may open that file."""
