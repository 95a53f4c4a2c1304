"""Finding the people in a clip and following each of them through it."""
