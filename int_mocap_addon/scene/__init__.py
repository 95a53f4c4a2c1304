"""What comes into the scene beside the motion: the panel Scene."""
