"""Takes and a character in, the character in motion out: `python -m bake ... --retarget`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import bpy
import numpy as np

from bake.bake_job import BakeJob, rates_of
from bake.clips import find_clips, people_within
from bake.export.output import write_output
from bake.motion.resample import FrameRate, Keys, Timeline, exact_rate
from bake.retarget.detection.detect import examine
from bake.retarget.human import HumanMotion
from bake.retarget.in_blender.actions import play
from bake.retarget.in_blender.apply import retarget
from bake.retarget.in_blender.rig_files import ENDINGS, OpenedRig, open_rig
from bake.retarget.in_blender.rigs import read_rig
from bake.retarget.in_blender.source_armature import human_of_sampled, sample_steps
from bake.retarget.in_blender.upright import put_upright
from bake.retarget.maps.bone_map import BoneMap
from bake.retarget.maps.checks import fitted_map
from bake.retarget.maps.known_maps import find_map
from bake.retarget.settings import RetargetSettings
from bake.retarget.sources.takes import human_of_motion
from bake.retarget.sources.times import at_rate, usual_rate
from bake.scene.clip.camera_match import create_camera, overview_camera, show_through
from bake.scene.frame_range import ranges_of
from bake.scene.light import add_light
from bake.scene.names import object_name
from bake.scene.timing import fit_timing, is_animated
from core_model.errors import TakeError

_LOOKS = 9  # moments at which is looked where the character is
_ROOM = 0.3  # of its height, around it


@dataclass(frozen=True)
class RetargetJob:
    """What to put on which character, and how.

    Parameters
    ----------
    bake : BakeJob
        Takes, or characters in motion, how they are cleaned up, and the output.
    rig : Path
        The character.
    rig_name : str
        The armature in it, "" for the only one.
    bone_map, source_map : str
        Preset or file, "" for what is found.
    settings : RetargetSettings
    """

    bake: BakeJob
    rig: Path
    rig_name: str = ""
    bone_map: str = ""
    source_map: str = ""
    settings: RetargetSettings = RetargetSettings()


def retarget_file(job: RetargetJob, report: Callable[[str], None] = print) -> list[str]:
    """Put takes on a character and write it, an action for each of them.

    Everything that was open in Blender is closed. The output appears only once it is complete.

    Parameters
    ----------
    job : RetargetJob
    report : callable
        Is told of the progress, one line at a time.

    Returns
    -------
    list of str
        Warnings, one sentence each.

    Raises
    ------
    MocapError
        When an input or the character cannot be used, or the output not be written.
    """
    warnings: list[str] = []
    moving = [path for path in job.bake.inputs if path.suffix.lower() in ENDINGS]
    sampled = [_moving_character(job, path, warnings) for path in moving]
    files = [path for path in job.bake.inputs if path not in moving]
    clips, told = find_clips(files, job.bake.reading) if files else ([], [])
    warnings += told
    clips = people_within(clips, job.bake.trim, warnings) if clips else []
    opened = open_rig(job.rig, job.rig_name)
    scene, armature = opened.scene, opened.armature
    rates = rates_of(clips)
    rates += [exact_rate(usual_rate(human.fps)) for human in sampled]
    rate = _frame_rate(job, scene, rates, warnings)
    timeline = Timeline(rate)
    motions = [at_rate(human, rate.value) for human in sampled]
    for clip in clips:
        begin = replace(timeline, start=max(clip.start, job.bake.trim.start))
        for person, motion in job.bake.motions(clip, begin).items():
            motions.append(human_of_motion(motion, object_name(clip.name, person)))
    bone_map = _map_for(armature, job.bone_map, warnings)
    report(f"{armature.name}: {bone_map.name}, {len(bone_map.bones())} bones")
    fit_timing(scene, timeline, [_keys(human) for human in motions])
    result = retarget(scene, motions, armature, bone_map, job.settings)
    warnings += result.told
    for action, human in zip(result.actions, motions, strict=True):
        report(f"{action}: {len(human)} frames at {rate} per second")
    if job.settings.place == "strip":
        _make_room(scene, armature)
    if job.rig.suffix.lower() != ".blend":
        add_light(scene)
    if scene.camera is None:
        joints = _places(scene, armature)
        camera = overview_camera(joints, _ROOM * float(np.ptp(joints[:, 2])))
        show_through(scene, create_camera("Overview", camera, scene.collection), camera.size)
    warnings += _write(job, opened, result.actions, report)
    job.bake.render(scene, timeline, report)
    if job.bake.picture_folder and not opened.objects[1:]:
        warnings.append(f"{armature.name} moves no mesh: it cannot be seen in the pictures.")
    return list(dict.fromkeys(warnings))


def _places(scene: bpy.types.Scene, armature: bpy.types.Object) -> np.ndarray:
    """Return where the bones of a character begin, (N, 3), at moments spread over its motion."""
    assert armature.pose
    found = []
    for frame in np.linspace(scene.frame_start, scene.frame_end, _LOOKS).round().astype(int):
        scene.frame_set(int(frame))
        heads = np.array([bone.head for bone in armature.pose.bones], dtype=np.float64)
        to_world = np.array(armature.matrix_world, dtype=np.float64)
        found.append(heads @ to_world[:3, :3].T + to_world[:3, 3])
    return np.concatenate(found)


def _moving_character(job: RetargetJob, path: Path, warnings: list[str]) -> HumanMotion:
    """Read what a character in a file does; it is closed again after that."""
    opened = open_rig(path, moving=True)
    bone_map = _map_for(opened.armature, job.source_map, warnings)
    if path.suffix.lower() == ".bvh":
        put_upright(opened.armature, read_rig(opened.armature), bone_map)
    steps = sample_steps(opened.scene, opened.armature, bone_map)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            sampled = end.value
            break
    human = human_of_sampled(path.stem, sampled, bone_map)
    wanted = job.bake.trim.part((human.frames - human.frames[0]) / human.fps)
    if wanted == slice(0, len(human)):
        return human
    ends = human.last_of_run[wanted].copy()
    ends[-1] = True
    return replace(
        human,
        turns=human.turns[wanted],
        places=human.places[wanted],
        frames=human.frames[wanted],
        last_of_run=ends,
    )


def _map_for(armature: bpy.types.Object, given: str, warnings: list[str]) -> BoneMap:
    """Return a map with an armature's own names: the one that was given, else what is found."""
    rig = read_rig(armature)
    if not given:
        found = examine(rig)
        warnings += found.told
        return found.bone_map
    return fitted_map(find_map(given), rig)


def _frame_rate(
    job: RetargetJob, scene: bpy.types.Scene, rates: Sequence[FrameRate], warnings: list[str]
) -> FrameRate:
    """Return the rate that was asked for, else that of a scene in motion, else the first one's."""
    if not rates:
        raise TakeError("There is nothing to put on the character: name a take.")
    if job.bake.frame_rate is None and is_animated(scene):
        return FrameRate(scene.render.fps, scene.render.fps_base)
    return job.bake.rate(rates, warnings)


def _keys(human: HumanMotion) -> Keys:
    """Return what `fit_timing` wants to know of a motion."""
    return Keys(human.frames, human.turns, human.places[:, 0], human.last_of_run)


def _make_room(scene: bpy.types.Scene, armature: bpy.types.Object) -> None:
    ranges = ranges_of([armature])
    scene.frame_end = max(scene.frame_end, *(last for _, last in ranges))


def _write(
    job: RetargetJob, opened: OpenedRig, actions: Sequence[str], report: Callable[[str], None]
) -> list[str]:
    """Write the scene; other formats hold one action each."""
    scene, armature = opened.scene, opened.armature
    one = len(actions) == 1 or job.bake.output.suffix.lower() == ".blend"
    if one or job.settings.place == "strip":
        return write_output(scene, [armature], job.bake.output, job.bake.preset, report)
    told = []
    for name in actions:
        play(armature, name)
        output = job.bake.output.with_stem(f"{job.bake.output.stem}_{name}")
        told += write_output(scene, [armature], output, job.bake.preset, report)
    return told
