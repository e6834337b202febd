"""Bytes to clean text; pure, with neither network, nor database, nor clock."""
