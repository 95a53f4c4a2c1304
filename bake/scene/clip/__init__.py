"""What a clip brings into a scene: its camera, the clip behind it, and its sound."""
