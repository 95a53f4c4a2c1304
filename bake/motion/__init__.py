"""Motion as numbers over time: resampled, smoothed; nothing of Blender."""
