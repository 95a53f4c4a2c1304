"""Where a capture was not sure: which part of the body, from when to when, and how to get there."""
