"""The three talks of `playhead demo`, and what made them. See README.md here."""
