"""Files that a library may meet and should not break on, and what has to come of each."""
