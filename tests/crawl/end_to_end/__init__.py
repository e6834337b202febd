"""Whole crawls: the real command in a process of its own, the local site, a real database."""
