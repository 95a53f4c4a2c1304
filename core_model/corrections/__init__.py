"""What an animator knows better than the capture: records, and the file that keeps them."""
