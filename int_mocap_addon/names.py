"""Names that several modules share."""

COMMAND = "int_mocap"
"""The command as Blender knows it: `blender --command int_mocap`."""
