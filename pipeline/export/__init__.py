"""Writing what the database tells into files that other programs read."""
