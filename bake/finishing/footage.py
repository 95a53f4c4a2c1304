"""What captures knew of a motion, kept with what is made of it: so feet are judged alike."""

from dataclasses import replace

import numpy as np

from bake.feet.contacts import foot_scale
from bake.feet.figure import figure_of, posed
from bake.feet.foot_evidence import foot_evidence
from bake.motion.smoothing import load_profile, smooth
from bake.motion.track import track_of
from core_model.body.model import Body, default_body
from core_model.take import Footage, Take

_ACROSS = np.diag([-1.0, 1.0, 1.0])


def footage_of(take: Take, body: Body | None = None) -> Footage:
    """Return what a take knows of its captures, or what it knows as one itself."""
    if take.footage is not None:
        return take.footage
    body = body or default_body()
    seen = np.flatnonzero(take.frame_valid)
    track = track_of(take, body.rest_joints(take.betas)[0])
    track = smooth(track, load_profile("default"), take.camera)
    figure, evidence = figure_of(body, take.betas), foot_evidence(take, track.times)
    scale = np.ones(len(track))
    for run in track.runs():
        pose = posed(figure, track.quaternions[run], track.positions[run])
        scale[run] = foot_scale(pose, track.times[run], evidence[run])
    nearest = np.abs(seen[:, None] - np.arange(len(take))).argmin(axis=0)
    everywhere = foot_evidence(take, take.times)
    camera = np.zeros((3, 4)) if take.camera is None else take.camera.to_world[:3]
    return Footage(
        part=np.zeros(len(take), int),
        clock=take.times,
        camera=np.tile(camera, (len(take), 1, 1)),
        foot_speed=everywhere.speed,
        foot_seen=everywhere.seen,
        foot_scale=scale[nearest],
    )


def read_between(
    footage: Footage, before: np.ndarray, after: np.ndarray, share: np.ndarray
) -> Footage:
    """Return what was known at moments (R,) that are shares of the way from rows to others."""

    def between(values: np.ndarray) -> np.ndarray:
        way = share.reshape(-1, *(1,) * (values.ndim - 1))
        return np.asarray(values[before] + way * (values[after] - values[before]))

    near = footage[np.where(share < 0.5, before, after)]
    return replace(
        near,
        clock=between(footage.clock),
        foot_speed=between(footage.foot_speed),
        foot_seen=between(footage.foot_seen),
    )


def gone_over(one: Footage, other: Footage, count: int) -> Footage:
    """Return what was known of a motion whose last frames go over into another's first.

    Where both count, so many frames, a foot is seen to stand only if it does in both.
    """
    half, first = count // 2, len(one) - count
    rows = np.arange(count)
    both = [
        (footage.foot_speed[first:] if early else footage.foot_speed[:count])
        for footage, early in ((one, True), (other, False))
    ]
    seen = np.minimum(one.foot_seen[first:], other.foot_seen[:count])
    speed = np.maximum(*both)
    early, late = rows < half, rows >= half
    one = one[: first + half]
    one = replace(
        one,
        foot_speed=np.concatenate((one.foot_speed[:first], speed[early])),
        foot_seen=np.concatenate((one.foot_seen[:first], seen[early])),
    )
    late_speed = np.concatenate((speed[late], other.foot_speed[count:]))
    late_seen = np.concatenate((seen[late], other.foot_seen[count:]))
    other = replace(other[half:], foot_speed=late_speed, foot_seen=late_seen)
    gap = float(np.median(np.diff(other.clock))) if len(other) > 1 else 1.0
    later = replace(
        other,
        part=other.part - other.part.min() + one.part.max() + 1,
        clock=other.clock - other.clock[0] + one.clock[-1] + gap,
    )
    pairs = zip(vars(one).values(), vars(later).values(), strict=True)
    return Footage(*(np.concatenate(pair) for pair in pairs))


def placed(footage: Footage, turn: np.ndarray, by: np.ndarray) -> Footage:
    """Return what was known of a motion that is turned by (3, 3) about 0, then moved by (3,)."""
    camera = turn @ footage.camera
    camera[footage.filmed, :, 3] += by
    return replace(footage, camera=camera)


def in_a_mirror(footage: Footage) -> Footage:
    """Return what was known of a motion whose left is right, and whose X goes the other way."""
    camera = _ACROSS @ footage.camera
    camera[..., :3] = camera[..., :3] @ _ACROSS
    return replace(
        footage,
        camera=camera,
        foot_speed=footage.foot_speed[:, ::-1],
        foot_seen=footage.foot_seen[:, ::-1],
    )
