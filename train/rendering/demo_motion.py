"""The motion of the demo clip, written in code: steps and a turn, a wave, a squat, a punch.

Feet are keyed as footsteps and the legs solved to them, so that standing feet do not slide. All in
SMPL space: Y up, the figure starts at the origin facing +Z and turns to its left.
"""

from dataclasses import dataclass

import numpy as np

from core_model.body.model import Body
from core_model.body.skeleton import JOINT_COUNT, JOINT_INDEX, SMPL_TO_WORLD
from core_model.geometry.rotations import matrix_to_axis_angle
from core_model.take import Take
from train.rendering.leg_ik import Leg, solve_leg, turn
from train.synthetic.timeline import blurred, bump, eased, keyed

DURATION = 5.0
"""Seconds."""


@dataclass(frozen=True)
class Step:
    """A foot lifted at `start` and set down at `end` (seconds) at x, z (metres), yaw (degrees)."""

    side: str
    start: float
    end: float
    x: float
    z: float
    yaw: float


STANCE = 0.155
"""Half the distance between the feet of someone who stands, metres."""

STEPS = (
    Step("right", 0.15, 0.62, -0.15, 0.42, -4.0),
    Step("left", 0.60, 1.10, 0.15, 0.74, 34.0),
    Step("right", 1.10, 1.62, -0.05, 0.90, 48.0),
    Step("left", 1.58, 1.98, 0.17, 0.60, 72.0),
)

# (seconds, (swing forward, hang, twist inward, elbow flexion)) in degrees; hang is 90 for an arm
# straight down and 0 for the T-pose.
ARM_KEYS = {
    "right": (
        (1.45, (0, 76, 10, 18)),
        (2.00, (12, -12, -78, 70)),
        (2.18, (12, -12, -78, 98)),
        (2.38, (12, -12, -78, 52)),
        (2.58, (12, -12, -78, 98)),
        (2.78, (12, -12, -78, 55)),
        (3.22, (6, 74, 0, 20)),
        (3.62, (104, 82, 10, 12)),
        (3.78, (104, 82, 10, 12)),
        (4.20, (34, 72, 28, 118)),
        (4.42, (34, 72, 28, 122)),
        (4.58, (88, 80, 40, 6)),
        (4.64, (88, 80, 40, 6)),
        (4.92, (34, 72, 28, 115)),
    ),
    "left": (
        (1.45, (0, 76, 10, 18)),
        (2.00, (-4, 76, 8, 22)),
        (3.10, (-4, 76, 8, 22)),
        (3.62, (104, 82, 10, 12)),
        (3.78, (104, 82, 10, 12)),
        (4.20, (38, 72, 28, 122)),
        (4.90, (32, 72, 28, 124)),
    ),
}

# (seconds, (lean forward, twist to the left)) in degrees, of pelvis and spine together.
TRUNK_KEYS = (
    (0.00, (2, 0)),
    (3.15, (2, 0)),
    (3.65, (42, 0)),
    (3.76, (42, 0)),
    (4.20, (5, -8)),
    (4.42, (5, -16)),
    (4.58, (9, 30)),
    (4.64, (9, 30)),
    (4.92, (5, -4)),
)

# (seconds, (metres that the hips sink, metres that they go back)).
SQUAT_KEYS = (
    (3.12, (0.0, 0.0)),
    (3.66, (0.36, 0.13)),
    (3.76, (0.36, 0.13)),
    (4.22, (0.02, 0.0)),
)


@dataclass(frozen=True)
class FootPath:
    """How a foot travels: ball (T, 3) metres, yaw and heel_lift (T,) degrees, moving (T,) bool."""

    ball: np.ndarray
    yaw: np.ndarray
    heel_lift: np.ndarray
    moving: np.ndarray


def demo_take(body: Body, betas: np.ndarray, frame_rate: float = 30.0) -> Take:
    """Return the motion of the demo on a body of this shape, in the Z-up world, without a camera.

    The figure starts at the origin of the floor facing -Y.

    Parameters
    ----------
    body : Body
    betas : (10,)
    frame_rate : float
        Frames per second.
    """
    times = np.arange(round(DURATION * frame_rate)) / frame_rate
    rest = body.rest_joints(betas)
    floor = float(body.rest_vertices(betas)[:, 1].min())
    feet = {side: foot_path(times, side, rest, floor) for side in ("left", "right")}
    rotations, pelvis = _solve_pose(times, rest, feet)
    rotations[:, 0] = SMPL_TO_WORLD @ rotations[:, 0]
    return Take(
        poses=matrix_to_axis_angle(rotations).reshape(len(times), 3 * JOINT_COUNT),
        trans=pelvis @ SMPL_TO_WORLD.T - rest[0],
        betas=betas,
        times=times,
        source={"made by": "train.rendering.demo_motion"},
    )


def foot_path(times: np.ndarray, side: str, rest: np.ndarray, floor: float) -> FootPath:
    """Follow the footsteps of one side.

    Parameters
    ----------
    times : (T,)
        Seconds.
    side : str
        "left" or "right".
    rest : (24, 3)
        Joints of the rest pose, metres.
    floor : float
        Height of the soles in the rest pose, metres.
    """
    steps = [step for step in STEPS if step.side == side]
    outward = STANCE if side == "left" else -STANCE
    # Footsteps are given for the ball of the foot; at the start the ankles are above the origin.
    place = np.array([outward, rest[JOINT_INDEX[f"{side}_foot"], 1] - floor, 0.12])
    ball = np.broadcast_to(place, (len(times), 3)).copy()
    yaw = np.full(len(times), 8.0 if side == "left" else -8.0)
    heel_lift, moving = np.zeros(len(times)), np.zeros(len(times), bool)
    for step in steps:
        done = eased((times - step.start) / (step.end - step.start))
        ball += done[:, None] * (np.array([step.x, place[1], step.z]) - ball[-1])
        ball[:, 1] += 0.07 * bump(times, step.start, step.end)
        yaw += done * (step.yaw - yaw[-1])
        # The heel leaves the floor before the toes do and is level again when they land.
        heel_lift += 32 * bump(times, step.start - 0.16, step.end - 0.06)
        moving |= (times > step.start) & (times < step.end)
    return FootPath(ball, yaw, heel_lift, moving)


def _solve_pose(
    times: np.ndarray, rest: np.ndarray, feet: dict[str, FootPath]
) -> tuple[np.ndarray, np.ndarray]:
    """Return local rotations (T, 24, 3, 3) and pelvis positions (T, 3), floor at Y = 0."""
    sigma = 0.1 / (times[1] - times[0])  # frames
    yaw = blurred((feet["left"].yaw + feet["right"].yaw) / 2, sigma)
    heading = turn(1, yaw)
    lean, twist = keyed(times, TRUNK_KEYS).T
    sink, back = keyed(times, SQUAT_KEYS).T

    legs = {side: _leg(rest, side) for side in feet}
    pelvis = _pelvis_place(feet, heading, sigma) - back[:, None] * heading[..., 2]
    pelvis_rotation = heading @ turn(1, 0.25 * twist) @ turn(0, 0.45 * lean)
    hips = {side: pelvis_rotation @ (rest[JOINT_INDEX[f"{side}_hip"]] - rest[0]) for side in feet}
    reachable = np.min(
        [_highest(legs[side], feet[side], pelvis + hips[side]) - hips[side][:, 1] for side in feet],
        axis=0,
    )
    pelvis[:, 1] = blurred(np.minimum(reachable - 0.012, _standing(rest, feet) - sink), 0.5 * sigma)

    rotations = np.broadcast_to(np.eye(3), (len(times), JOINT_COUNT, 3, 3)).copy()
    rotations[:, 0] = pelvis_rotation
    for side, path in feet.items():
        joints = [JOINT_INDEX[f"{side}_{part}"] for part in ("hip", "knee", "ankle", "foot")]
        rotations[:, joints] = solve_leg(
            legs[side], pelvis_rotation, pelvis + hips[side], path.ball, path.yaw, path.heel_lift
        )
    _bend_trunk(rotations, 0.55 * lean, 0.75 * twist, times)
    stride = ((feet["left"].ball - feet["right"].ball) * heading[..., 2]).sum(-1)
    for side, sign in (("left", -1.0), ("right", 1.0)):
        _place_arm(
            rotations, side, keyed(times, ARM_KEYS[side]), sign * 55 * blurred(stride, sigma)
        )
    return rotations, pelvis


def _leg(rest: np.ndarray, side: str) -> Leg:
    hip, knee, ankle, ball = (
        rest[JOINT_INDEX[f"{side}_{part}"]] for part in ("hip", "knee", "ankle", "foot")
    )
    return Leg(thigh=knee - hip, shin=ankle - knee, foot=ball - ankle)


def _pelvis_place(feet: dict[str, FootPath], heading: np.ndarray, sigma: float) -> np.ndarray:
    """Keep the hips over the feet, nearer to the one that stands; (T, 3) with Y zero."""
    weight = {side: np.where(path.moving, 0.38, 1.0) for side, path in feet.items()}
    ankles = {side: path.ball - 0.12 * turn(1, path.yaw)[..., 2] for side, path in feet.items()}
    total = weight["left"] + weight["right"]
    middle = sum((weight[side] / total)[:, None] * ankles[side] for side in feet)
    place = blurred(np.asarray(middle), sigma) + 0.02 * heading[..., 2]
    place[:, 1] = 0.0
    return place


def _highest(leg: Leg, path: FootPath, hip: np.ndarray) -> np.ndarray:
    """Return the height (T,) up to which a hip can rise and still reach its foot."""
    foot = turn(1, path.yaw) @ turn(0, path.heel_lift)
    ankle = path.ball - foot @ leg.foot
    flat = ((hip - ankle)[:, [0, 2]] ** 2).sum(-1)
    return np.asarray(ankle[:, 1] + np.sqrt(np.maximum((0.995 * leg.reach) ** 2 - flat, 0.01)))


def _standing(rest: np.ndarray, feet: dict[str, FootPath]) -> float:
    """Return the height of the pelvis of someone who stands at ease, knees hardly bent, metres."""
    ball = rest[JOINT_INDEX["left_foot"]]
    return float(rest[0, 1] - ball[1] + feet["left"].ball[0, 1] - 0.008)


def _bend_trunk(
    rotations: np.ndarray, lean: np.ndarray, twist: np.ndarray, times: np.ndarray
) -> None:
    breath = 0.8 * np.sin(2 * np.pi * times / 3.1)
    for name in ("spine1", "spine2", "spine3"):
        rotations[:, JOINT_INDEX[name]] = turn(1, twist / 3) @ turn(0, lean / 3 + breath / 3)
    # The eyes stay on what is ahead while the trunk leans and twists.
    for name in ("neck", "head"):
        rotations[:, JOINT_INDEX[name]] = turn(1, -0.4 * twist) @ turn(0, -0.5 * lean + 2.0)


def _place_arm(rotations: np.ndarray, side: str, pose: np.ndarray, stride: np.ndarray) -> None:
    """Turn shoulder and elbow; the right arm is the mirror image of the left."""
    swing, hang, twist, flexion = pose.T
    walking = stride * np.clip(hang / 76, 0, 1)
    mirror = 1.0 if side == "left" else -1.0
    lift = 0.12 * np.clip(40 - hang, 0, None)
    rotations[:, JOINT_INDEX[f"{side}_collar"]] = turn(2, mirror * lift)
    rotations[:, JOINT_INDEX[f"{side}_shoulder"]] = (
        turn(0, -(swing + walking)) @ turn(2, -mirror * (hang + lift)) @ turn(0, twist)
    )
    rotations[:, JOINT_INDEX[f"{side}_elbow"]] = turn(
        1, -mirror * (flexion + 0.3 * np.clip(walking, 0, None))
    )
    rotations[:, JOINT_INDEX[f"{side}_wrist"]] = turn(2, -mirror * 4.0 * np.ones(len(pose)))
