"""Caption files and subtitle tracks: text with times that somebody already made."""
