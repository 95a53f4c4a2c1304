"""What a take becomes in Blender: armature, action, body, camera and the scene's time."""
