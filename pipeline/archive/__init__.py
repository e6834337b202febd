"""The archive: WARC files that hold every captured byte, so that nothing stored depends on its origin."""
