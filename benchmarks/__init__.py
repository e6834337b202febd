"""Benchmarks: each prints the versions, the data and the command that made its figures."""
