"""What captures knew of a motion, kept with what is made of it: so feet are judged alike."""

from dataclasses import replace

import numpy as np

from bake.feet.contacts import find_contacts
from bake.feet.figure import figure_of, posed
from bake.feet.foot_evidence import foot_evidence
from bake.feet.foot_speed import foot_scale
from bake.motion.local_fit import nearest_of
from bake.motion.smoothing import load_profile, smooth
from bake.motion.track import track_of
from core_model.body.model import Body, default_body
from core_model.take import Footage, Take

_AT = 1e-3  # of the way between two frames
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
    scale, stands = np.ones(len(track)), np.full((len(track), 2, 2), -1)
    for run in track.runs():
        pose = posed(figure, track.quaternions[run], track.positions[run])
        known = track.times[run], evidence[run]
        scale[run] = foot_scale(pose, *known)
        stands[run] = find_contacts(figure, pose, *known).points
    nearest = nearest_of(seen, np.arange(len(take)))
    everywhere = foot_evidence(take, take.times)
    camera = np.zeros((3, 4)) if take.camera is None else take.camera.to_world[:3]
    return Footage(
        part=np.zeros(len(take), int),
        clock=take.times,
        camera=np.tile(camera, (len(take), 1, 1)),
        foot_speed=everywhere.speed,
        foot_seen=everywhere.seen,
        foot_scale=scale[nearest],
        foot_stands=stands[nearest],
        foot_slid=np.zeros((len(take), 2, 2)),
    )


def read_between(
    footage: Footage, before: np.ndarray, after: np.ndarray, share: np.ndarray
) -> Footage:
    """Return what was known at moments (R,) that are shares of the way from rows to others."""

    def between(values: np.ndarray) -> np.ndarray:
        way = share.reshape(-1, *(1,) * (values.ndim - 1))
        return np.asarray(values[before] + way * (values[after] - values[before]))

    near = footage[np.where(share < 0.5, before, after)]
    inside = ((share > _AT) & (share < 1 - _AT))[:, None, None]
    both = np.minimum(footage.foot_stands[before], footage.foot_stands[after])
    return replace(
        near,
        clock=between(footage.clock),
        foot_speed=between(footage.foot_speed),
        foot_seen=between(footage.foot_seen),
        foot_slid=between(footage.foot_slid),
        foot_stands=np.where(inside, both, near.foot_stands),
    )


def come_round(footage: Footage) -> Footage:
    """Return what was known of a cycle, whose last frame is its first once more."""
    changed = {}
    for name in ("foot_speed", "foot_seen", "foot_scale", "foot_stands"):
        values = getattr(footage, name)
        changed[name] = np.concatenate((values[:-1], values[:1]))
    return replace(footage, **changed)


def gone_over(one: Footage, other: Footage, count: int) -> Footage:
    """Return what was known of a motion whose last frames go over into another's first.

    Where both count, so many frames, a foot is seen to stand only if it does in both.
    """
    half, first = count // 2, len(one) - count
    both = {
        "foot_speed": np.maximum(one.foot_speed[first:], other.foot_speed[:count]),
        "foot_seen": np.minimum(one.foot_seen[first:], other.foot_seen[:count]),
        "foot_stands": np.full((count, 2, 2), -1),
    }
    early = {name: (vars(one)[name][:first], each[:half]) for name, each in both.items()}
    late = {name: (each[half:], vars(other)[name][count:]) for name, each in both.items()}
    one, other = (
        replace(footage, **{name: np.concatenate(parts) for name, parts in changed.items()})
        for footage, changed in ((one[: first + half], early), (other[half:], late))
    )
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
    slid = footage.foot_slid @ turn[:2, :2].T
    return replace(footage, camera=camera, foot_slid=slid)


def in_a_mirror(footage: Footage) -> Footage:
    """Return what was known of a motion whose left is right, and whose X goes the other way."""
    camera = _ACROSS @ footage.camera
    camera[..., :3] = camera[..., :3] @ _ACROSS
    return replace(
        footage,
        camera=camera,
        foot_speed=footage.foot_speed[:, ::-1],
        foot_seen=footage.foot_seen[:, ::-1],
        foot_stands=footage.foot_stands[:, ::-1],
        foot_slid=footage.foot_slid[:, ::-1] @ _ACROSS[:2, :2],
    )


def with_other_legs(footage: Footage | None) -> Footage | None:
    """Return what is still known of a motion whose legs became others."""
    if footage is None:
        return None
    stands, slid = np.full_like(footage.foot_stands, -1), np.zeros_like(footage.foot_slid)
    return replace(footage, foot_stands=stands, foot_slid=slid)
