"""Benchmarks: what a thing costs, as a ratio against something else measured in the same run."""
