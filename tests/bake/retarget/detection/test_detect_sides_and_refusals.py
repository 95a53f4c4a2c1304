"""Left and right are never exchanged, and what is no human figure is refused in a sentence."""

from dataclasses import replace

import numpy as np
import pytest

from bake.retarget.detection.detect import detect, examine
from bake.retarget.in_blender.rigs import read_rig
from bake.retarget.rig import Bone, Rig
from core_model.errors import RigError
from tests.bake.retarget.makers import maker_rig, renamed
from tests.bake.retarget.rig_variants import name_at_random
from tests.bake.retarget.rigs import load_animal, load_rig
from tests.bake.retarget.truth import bones_of, wrong_sides


def posed(rig: Rig, turns: dict[str, tuple[str, float]]) -> Rig:
    """Return a rig whose bones were turned at rest, with all that hangs on them.

    Parameters
    ----------
    rig : Rig
    turns : dict of str to tuple of str and float
        Axis and degrees, by bones from the trunk outwards.
    """
    heads = np.stack([bone.head for bone in rig.bones])
    tails = np.stack([bone.tail for bone in rig.bones])
    for name, (axis, degrees) in turns.items():
        root = rig.place_of()[name]
        moved = [root]
        for place, bone in enumerate(rig.bones):
            if bone.parent in moved:
                moved.append(place)
        turn = _turn(axis, degrees)
        for points in (heads, tails):
            points[moved] = (points[moved] - heads[root]) @ turn.T + heads[root]
    return replace(
        rig,
        bones=tuple(
            replace(bone, rest=_at(head), tail=tail)
            for bone, head, tail in zip(rig.bones, heads, tails, strict=True)
        ),
    )


def test_names_of_the_wrong_side_are_overruled_and_that_is_said():
    rig, truth = maker_rig("unreal5")

    def exchanged(name: str, place: int) -> str:
        return {"_l": f"{name[:-2]}_r", "_r": f"{name[:-2]}_l"}.get(name[-2:], name)

    swapped, expected = renamed(rig, truth, exchanged)
    found = examine(swapped)
    assert bones_of(found.bone_map) == expected
    (said,) = found.told
    assert "left that lie on its right" in said


def test_a_mirrored_object_has_its_sides_by_where_they_lie():
    rig, truth = maker_rig("ready_player_me")
    found = examine(replace(rig, to_world=np.diag([-1.0, 1.0, 1.0, 1.0])))
    assert found.bone_map.joints["left_shoulder"].bones == truth["right_shoulder"]
    assert len(found.told) == 1


def test_without_feet_names_say_which_side_is_which():
    """Straight legs and arms, no feet, no face: nothing but names tells where it looks."""
    found = examine(_stick_figure())
    assert found.bone_map.joints["left_hip"].bones == ("thigh.L",)
    assert found.told == ()


def test_where_nothing_tells_the_sides_that_is_said():
    rig = _stick_figure()
    bones = tuple(replace(bone, name=f"b{place}") for place, bone in enumerate(rig.bones))
    found = examine(replace(rig, bones=bones))
    assert "left and right are not exchanged" in found.told[0]
    assert max(found.bone_map.certainty[f"{side}_hip"] for side in ("left", "right")) <= 0.5


@pytest.mark.parametrize(
    "turns",
    [
        {"LeftArm": ("Y", -100.0)},
        {"LeftArm": ("Y", 40.0), "RightForeArm": ("Z", 70.0)},
        {"LeftUpLeg": ("X", 40.0), "RightLeg": ("X", -30.0)},
        {"Spine": ("X", 25.0), "LeftArm": ("X", -50.0)},
        {"LeftUpLeg": ("X", 12.0), "RightUpLeg": ("X", -12.0), "Spine1": ("Z", 20.0)},
    ],
)
def test_a_rest_pose_need_not_be_the_same_on_both_sides(turns):
    rig, truth = maker_rig("ready_player_me")
    found = bones_of(detect(posed(rig, turns)))
    assert found == truth
    nameless, expected = renamed(rig, truth, lambda bone, place: f"n{place}")
    new = {bone.name: other.name for bone, other in zip(rig.bones, nameless.bones, strict=True)}
    unnamed = detect(posed(nameless, {new[name]: turn for name, turn in turns.items()}))
    assert wrong_sides(unnamed, expected) == []


def test_wings_tails_and_weapons_are_no_limbs():
    rig, truth = maker_rig("german")
    grown = _with(
        rig,
        ("fluegel_li_1", "Brust", (0.05, 0.1, 0.1)),
        ("fluegel_li_2", "fluegel_li_1", (0.4, 0.1, 0.3)),
        ("fluegel_li_3", "fluegel_li_2", (0.4, 0.0, 0.1)),
        ("fluegel_re_1", "Brust", (-0.05, 0.1, 0.1)),
        ("fluegel_re_2", "fluegel_re_1", (-0.4, 0.1, 0.3)),
        ("fluegel_re_3", "fluegel_re_2", (-0.4, 0.0, 0.1)),
        ("Schwanz1", "Becken", (0, 0.2, 0)),
        ("Schwanz2", "Schwanz1", (0, 0.4, -0.1)),
        ("Schwert", "Hand_re", (0, -0.1, 0.0)),
        ("Schwert_Spitze", "Schwert", (0, -1.0, 0.0)),
    )
    found = bones_of(detect(grown))
    assert found == truth


def test_no_bones_are_said():
    with pytest.raises(RigError, match="hero has no bones"):
        detect(Rig("hero", ()))


def test_few_bones_are_said():
    with pytest.raises(RigError, match="hero has only 3 bones"):
        detect(Rig("hero", maker_rig("few_bones")[0].bones[:3]))


@pytest.mark.parametrize("kind", ["basic_quadruped", "cat", "horse", "wolf"])
def test_a_quadruped_is_refused(empty_scene, kind):
    armature = load_animal(kind)
    for _ in range(2):
        with pytest.raises(RigError, match="animal on four feet"):
            detect(read_rig(armature))
        name_at_random(armature)


@pytest.mark.parametrize("kind", ["bird", "shark"])
def test_other_animals_are_refused(empty_scene, kind):
    armature = load_animal(kind)
    for _ in range(2):
        with pytest.raises(RigError, match="cannot be used as a human figure"):
            detect(read_rig(armature))
        name_at_random(armature)


def test_an_animal_with_the_names_of_a_preset_is_refused():
    """Some programs name the legs of a horse as arms and legs."""
    rig, _ = maker_rig("ready_player_me")
    with pytest.raises(RigError, match="animal on four feet"):
        detect(_arms_down(posed(rig, {"Spine": ("X", 90.0), "Neck": ("X", -60.0)})))


@pytest.mark.parametrize(
    ("gone", "said"),
    [(("Hip",), "its legs are missing"), (("Collar",), "its arms are missing")],
)
def test_limbs_that_are_missing_are_named(gone, said):
    rig, _ = maker_rig("chest")
    for each in (rig, renamed(rig, {}, lambda bone, place: f"n{place}")[0]):
        without = [bone.name.endswith(gone) for bone in rig.bones]
        for place, bone in enumerate(rig.bones):
            without[place] = without[place] or (bone.parent >= 0 and without[bone.parent])
        kept = [place for place, out in enumerate(without) if not out]
        number = {place: index for index, place in enumerate(kept)} | {-1: -1}
        bones = tuple(
            replace(each.bones[place], parent=number[each.bones[place].parent]) for place in kept
        )
        with pytest.raises(RigError, match=said):
            detect(replace(each, bones=bones))


def test_a_chain_is_no_figure():
    with pytest.raises(RigError, match="its arms and legs are missing"):
        detect(Rig("snake", tuple(_bone(f"b{i}", i - 1, (0, 0.1 * i, 0)) for i in range(30))))


def test_a_refusal_is_one_sentence_that_names_the_rig(empty_scene):
    armature = load_rig("metarig")
    rig = read_rig(armature)
    cut = replace(rig, bones=tuple(bone for bone in rig.bones[:14]))
    with pytest.raises(RigError) as refusal:
        detect(replace(cut, bones=tuple(replace(b, parent=min(b.parent, 13)) for b in cut.bones)))
    assert rig.name in str(refusal.value) and "\n" not in str(refusal.value)


def _stick_figure() -> Rig:
    rows: list[tuple[str, str, tuple[float, float, float]]] = [
        ("hips", "", (0, 0, 1)),
        ("spine", "hips", (0, 0, 1.2)),
        ("chest", "spine", (0, 0, 1.35)),
        ("neck", "chest", (0, 0, 1.5)),
        ("head", "neck", (0, 0, 1.6)),
    ]
    for side, out in (("L", 1), ("R", -1)):
        rows += [
            (f"thigh.{side}", "hips", (out * 0.1, 0, 1)),
            (f"shin.{side}", f"thigh.{side}", (out * 0.1, 0, 0.5)),
            (f"foot.{side}", f"shin.{side}", (out * 0.1, 0, 0.05)),
            (f"upper_arm.{side}", "chest", (out * 0.2, 0, 1.45)),
            (f"forearm.{side}", f"upper_arm.{side}", (out * 0.5, 0, 1.45)),
            (f"hand.{side}", f"forearm.{side}", (out * 0.75, 0, 1.45)),
        ]
    place = {name: index for index, (name, _, _) in enumerate(rows)} | {"": -1}
    return Rig("stick", tuple(_bone(name, place[parent], at) for name, parent, at in rows))


def _arms_down(rig: Rig) -> Rig:
    """Return a rig whose arms hang down straight, below the shoulders."""
    bones = list(rig.bones)
    places = rig.place_of()
    for side in ("Left", "Right"):
        chain = [places[f"{side}{part}"] for part in ("Arm", "ForeArm", "Hand")]
        below = [
            place
            for place in range(len(bones))
            if f"{side}Hand" in bones[place].name and place not in chain
        ]
        for above, own in zip(chain[:-1], chain[1:], strict=True):
            length = float(np.linalg.norm(rig.bones[own].head - rig.bones[above].head))
            at = bones[above].head + [0, 0, -1.3 * length]
            bones[own] = replace(bones[own], rest=_at(at), tail=at + [0, 0, -0.05])
        for number, place in enumerate(below):
            at = bones[chain[-1]].head + [0.01 * (number % 4), -0.02 - 0.01 * (number // 4), -0.02]
            bones[place] = replace(bones[place], rest=_at(at), tail=at + [0, -0.02, 0])
    return replace(rig, bones=tuple(bones))


def _with(rig: Rig, *rows: tuple[str, str, tuple[float, float, float]]) -> Rig:
    """Return a rig with more bones: name, parent, and the way from the parent's head."""
    bones = list(rig.bones)
    for name, parent, way in rows:
        place = next(index for index, bone in enumerate(bones) if bone.name == parent)
        bones.append(_bone(name, place, bones[place].head + way))
    return replace(rig, bones=tuple(bones))


def _bone(name: str, parent: int, at) -> Bone:
    head = np.asarray(at, dtype=float)
    return Bone(name, parent, _at(head), head + [0, 0, 0.05])


def _at(head: np.ndarray) -> np.ndarray:
    rest = np.eye(4)
    rest[:3, 3] = head
    return rest


def _turn(axis: str, degrees: float) -> np.ndarray:
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    first, second = {"X": (1, 2), "Y": (2, 0), "Z": (0, 1)}[axis]
    turn = np.eye(3)
    turn[first, first] = turn[second, second] = cos
    turn[first, second], turn[second, first] = -sin, sin
    return turn
