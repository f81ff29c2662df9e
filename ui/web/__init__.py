"""The web page of `playhead serve`: ask, read, click, watch."""
