"""People and hands in one picture: MediaPipe's networks and how their numbers are read."""
