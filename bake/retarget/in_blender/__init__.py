"""Rigs, actions and files in Blender: all of retargeting that imports bpy."""
