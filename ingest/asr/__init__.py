"""Speech recognition, for media that comes without captions."""
