"""The layouts of the pages that are held back: no rule is written with them in view."""
