"""What a claim must pass before it is shown. What fails is dropped, never repaired."""
