"""The reading room: the database as pages, read-only."""
