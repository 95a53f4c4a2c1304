"""How a figure is looked at beside its clip: bones as sticks, a body to see through and past."""

from collections.abc import Iterator
from typing import Any

_LOOKED = "mocap_looked"
"""Custom property of an armature that is shown as sticks: how it was shown before."""

_VEIL = 0.3
"""Alpha of a body that is seen through."""


def show_sticks(armature: Any, on: bool) -> None:
    """Show bones as sticks in front of everything, or as they were before."""
    data: Any = armature.data
    if on and _LOOKED not in armature:
        armature[_LOOKED] = f"{data.display_type} {int(armature.show_in_front)}"
        data.display_type, armature.show_in_front = "STICK", True
    elif not on and _LOOKED in armature:
        kind, in_front = str(armature[_LOOKED]).split()
        data.display_type, armature.show_in_front = kind, in_front == "1"
        del armature[_LOOKED]


def see_through(body: Any, on: bool) -> None:
    """Make a body transparent or solid: in Solid and Material Preview views and in renders."""
    alpha = _VEIL if on else 1.0
    body.color[3] = alpha
    for material in _own_materials(body):
        colour = material.diffuse_color
        material.diffuse_color = (*colour[:3], alpha)
        material.surface_render_method = "BLENDED" if on else "DITHERED"
        shader = material.node_tree and material.node_tree.nodes.get("Principled BSDF")
        if shader:
            shader.inputs["Alpha"].default_value = alpha


def _own_materials(body: Any) -> Iterator[Any]:
    """Give the materials that nothing but this body wears."""
    materials = body.data.materials
    return (each for each in materials if each and each.users == 1 and not each.library)
