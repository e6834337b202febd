"""The layouts of the pages that rules may be written with."""
