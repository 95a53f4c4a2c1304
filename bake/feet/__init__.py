"""Feet as numbers over time: contacts, standing still, legs that reach; nothing of Blender."""
