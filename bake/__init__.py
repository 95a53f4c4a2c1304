"""Takes in, Blender data out: smoothing, timing, feet, armature, action, body, camera, scene.

It runs inside Blender and imports nothing that Blender does not ship, besides `core_model`'s light
modules. All that cleans motion up (`cleaning` and what it calls) needs numpy only; what makes
Blender's data needs `bpy`. Importing the package itself imports neither.
"""
