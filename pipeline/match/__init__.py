"""Text to fingerprint, and two texts to a relation; pure functions of their arguments."""
