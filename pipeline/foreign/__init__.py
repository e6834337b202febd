"""Somebody else's archives and loose pages: found, filtered, read, and taken in as captures like any other."""
