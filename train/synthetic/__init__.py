"""Training data made from motion capture: bodies, cameras and landmarks that never existed."""
