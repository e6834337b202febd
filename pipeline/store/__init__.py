"""The only code that speaks SQL: the embedded server, the schema, ingest, stories and queries."""
