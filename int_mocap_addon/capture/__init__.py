"""From a clip to takes: the panel Capture."""
