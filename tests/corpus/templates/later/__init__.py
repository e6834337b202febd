"""The second lot of layouts: held back when they were written, and each measured once before anything was learned of it."""
