"""Rigs to retarget to."""

import bpy
import pytest

from tests.bake.retarget.rigs import ALL_RIGS, SHARED_RIGS, load_rig


def marked(names=ALL_RIGS):
    """Return parameters of a test: names of rigs, with the mark of those that need data."""
    return [
        pytest.param(name, marks=pytest.mark.shared) if name in SHARED_RIGS else name
        for name in names
    ]


@pytest.fixture(params=marked())
def any_rig(request, empty_scene) -> tuple[str, bpy.types.Object]:
    """Name and armature of every rig in turn."""
    return request.param, load_rig(request.param)
