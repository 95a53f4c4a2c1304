"""Custom properties that the writer leaves in the scene for others to read; imports nothing."""

PROPERTY = "mocap_confidence"
"""Custom property of the armature object, animated: 0 to 1, the mean over the joints."""

LAYER = "mocap_layer"
"""Custom property of an action that lies over a bake as a layer: `EDITS` or `POSES`."""

EDITS, POSES = "edits", "layer"
"""Kinds of layers: what an animator changed in an earlier bake, and what they pose over it."""

SIZE = "mocap_size"
"""Custom property of a camera that was made here: width and height of its clip, pixels."""

BODY = "mocap_body"
"""Custom property of an armature that was made here: the file of the body that its bones are of."""
