"""How results are laid out on a terminal."""
