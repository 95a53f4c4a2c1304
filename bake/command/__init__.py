"""What the command line of baking asks for, and what it does then."""
