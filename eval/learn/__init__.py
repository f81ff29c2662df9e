"""Learns how to rank: `python -m eval.learn DATASET` makes `retrieval/ranking.json`."""
