"""Segments become findable; a question becomes evidence and then a cited answer."""
