"""Segments become findable; a question becomes evidence (search) and then a cited answer (answer)."""
