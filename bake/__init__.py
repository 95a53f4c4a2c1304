"""Takes in, Blender data out: smoothing, timing, armature, action, body, camera, scene.

It runs inside Blender and imports nothing that Blender does not ship, besides `core_model`'s light
modules. `track`, `smoothing` and `resample` need numpy only; the others need `bpy`. Importing the
package itself imports neither.
"""
