"""What is typed: a module a group of commands; `pipeline.cli` puts them together."""
