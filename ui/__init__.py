"""What a person touches: the command line. Builds the objects and hands them down."""
