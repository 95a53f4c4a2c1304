"""From what INT says to what the landmarks show: the fit over time, and how sure it is."""
