"""What runs are told."""
