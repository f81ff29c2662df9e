"""What is asked: the kind of a question, the videos it names, what it means after others."""
