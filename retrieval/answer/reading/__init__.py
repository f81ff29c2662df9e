"""What is read for a question: passages, the evidence in them, and whether it suffices."""
