"""A simulated model of tunable honesty, and how well the checks see through it."""
