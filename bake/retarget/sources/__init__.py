"""Every source as a human in motion: a take on its body, or any armature with an action."""
