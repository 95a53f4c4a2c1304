"""How confidence is shown: what the overlay and the writer agree on; imports nothing."""

PROPERTY = "mocap_confidence"
"""Custom property of the armature object, animated: 0 to 1, the mean over the joints."""

DOUBTFUL = 0.5
"""A joint seen with less confidence than this was guessed from its surroundings."""
