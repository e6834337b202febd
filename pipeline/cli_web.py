"""The commands that show the database to people: the reading room, and the report to mail to a colleague."""
