"""The rigs of the tests are what they are said to be."""

from bake.retarget.in_blender.rigs import read_rig
from tests.bake.retarget.truth import TRUTH


def test_truth_names_bones_of_the_rig(any_rig):
    name, armature = any_rig
    there = set(read_rig(armature).names)
    named = [bone for bones in TRUTH[name].values() for bone in bones]
    assert set(named) <= there
    assert len(named) == len(set(named))
