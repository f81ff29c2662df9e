"""The commands, one a file. Their heads import nothing heavy: `--help` must be quick."""
