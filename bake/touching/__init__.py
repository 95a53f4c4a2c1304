"""Hands, feet, knees and seat that touch something stay where they touch it; no bpy."""
