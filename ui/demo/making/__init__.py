"""How the demo's talks are made: scripts, speech, slides, captions. Only `make_talks` needs it."""
