"""What the engines and programs expect of a file: data, one record for each."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Preset:
    """How files are written for a program.

    Parameters
    ----------
    title, description : str
        Shown to the user.
    fbx_up : str
        The axis that is up in an FBX: Y, or Z for programs that think as Blender does.
    root : bool
        Whether a figure without a root bone gets one, on the floor.
    clips : bool
        Whether each figure's animation is a clip that begins at 0 seconds, as in engines; else all
        are at the frames of the scene's timeline.
    object_name : str
        What the armature is called in an FBX, "" for its own name.
    units_per_metre : float
        Of formats that say nothing of their unit: BVH and Alembic.
    """

    title: str
    description: str
    fbx_up: str = "Y"
    root: bool = True
    clips: bool = True
    object_name: str = ""
    units_per_metre: float = 1.0


PRESETS = {
    "blender": Preset(
        "Blender and Others",
        "Bones as they are, nothing added",
        root=False,
    ),
    "unreal": Preset(
        "Unreal Engine",
        "Centimeters, Z up, a root bone on the floor",
        fbx_up="Z",
        object_name="Armature",  # any other name becomes a bone of its own over the root bone
        units_per_metre=100.0,
    ),
    "unity": Preset("Unity", "Y up, without turned or scaled objects, a root bone on the floor"),
    "godot": Preset("Godot", "Y up, without turned or scaled objects, a root bone on the floor"),
    "maya": Preset(
        "Maya",
        "Centimeters, Y up, bones as they are, all figures at the frames of the scene",
        root=False,
        clips=False,
        units_per_metre=100.0,
    ),
}
"""By the names that the command line takes."""

ENDINGS = (
    ".blend",
    ".fbx",
    ".glb",
    ".usdc",
    ".usda",
    ".abc",
    ".bvh",
    ".vrma",
    ".npz",
    ".csv",
    ".c3d",
)
"""Of files that can be written."""
