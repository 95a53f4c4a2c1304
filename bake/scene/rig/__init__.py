"""The rig of a figure: bones, how they look and hang together, and where they stand."""
