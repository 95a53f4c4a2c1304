"""What the bones do as curves of keys, and how far Blender's own picture is from it; no Blender."""
