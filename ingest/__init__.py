"""A video becomes a transcript; a transcript becomes 30-second segments. Knows no index."""
