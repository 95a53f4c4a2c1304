"""What of a rig no engine knows, told in words before somebody wonders."""

from collections.abc import Iterator
from typing import Any

from bake.export.reading import Reading


def told_of(reading: Reading) -> Iterator[str]:
    """Give a sentence for each thing that looks otherwise in a file of bones."""
    armature: Any = reading.figure.armature
    bones = [armature.data.bones[bone.name] for bone in reading.skeleton.bones if bone.source >= 0]
    if any(bone.bbone_segments > 1 for bone in bones):
        yield (
            f"Bendy bones of {reading.name} are straight in the file, as engines know no others; "
            "Alembic keeps the skin as it is."
        )
    rounded = [
        mesh.name
        for mesh in reading.figure.meshes
        if any(
            each.type == "ARMATURE" and each.object == armature and each.use_deform_preserve_volume
            for each in mesh.modifiers
        )
    ]
    if rounded:
        yield (
            f"{', '.join(rounded)} is deformed with Preserve Volume in Blender, which no engine "
            "has: it looks a little thinner at twisted joints there."
        )
