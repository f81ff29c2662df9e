"""Where points live: one protocol, Qdrant Edge in the process, or a Qdrant server."""
