"""What the pages of the corpus are made of."""
