"""Videos and recordings that are published on the web."""
