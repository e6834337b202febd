"""newsfold from Python: typed read functions, and DataFrames."""
