"""How the demo's speech model is trained. Only `train_whisper` needs it."""
