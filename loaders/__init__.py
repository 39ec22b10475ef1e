"""Loaders: bytes in the inbox to typed rows in the `raw` schema."""
