"""Measures retrieval and answers on datasets; the benchmarks."""
