"""From a human in motion to what the bones of a rig do: numbers only, no Blender."""
