"""How much of a hop's height a capture and its bake keep; `python -m tests.benchmarks.hops`.

A made-up figure hops on the spot for four seconds, a quarter of a second on the floor between two
flights, and is seen as landmarks with a detector's errors; nobody knows the truth of real hops.
"""

import argparse
from pathlib import Path

import numpy as np

from core_model.body.model import Body, default_body
from core_model.body.skeleton import JOINT_INDEX, SMPL_TO_WORLD, forward_kinematics
from core_model.geometry.rotations import axis_angle_to_matrix, matrix_to_axis_angle
from core_model.network.checkpoints import DEFAULT_WEIGHTS_PATH, load_weights
from core_model.take import Take
from train.evaluate.floor_work import FloorClip, _camera, captured, seen
from train.evaluate.stages import cleaned

_GRAVITY, _ON_FLOOR, _SECONDS = 9.81, 0.25, 4.0
_STANDS = 1.0  # seconds before the first hop and after the last one
_VIEWS = tuple(FloorClip("hop", 0, azimuth, 8.0) for azimuth in (0.0, 50.0, -120.0))


def hopping(height: float, rate: float, body: Body, view: FloorClip) -> tuple[Take, np.ndarray]:
    """Return a figure that hops so high (metres), and how high it is in the air (T,), metres."""
    times = np.arange(round((_SECONDS + 2 * _STANDS) * rate)) / rate
    flight = 2 * np.sqrt(2 * height / _GRAVITY)
    period = flight + _ON_FLOOR
    since = times - _STANDS
    count = int(_SECONDS // period)
    phase = np.where((since >= 0) & (since < count * period), since % period, flight)
    air = np.where(phase < flight, _GRAVITY / 2 * phase * (flight - phase), 0.0)
    floor = np.clip((phase - flight) / _ON_FLOOR, 0, 1)
    bend = np.radians(8 + 14 * np.sin(np.pi * floor))
    turns = np.zeros((len(times), 24, 3))
    for side, out in (("left", -1.0), ("right", 1.0)):
        turns[:, JOINT_INDEX[f"{side}_hip"], 0] = -bend
        turns[:, JOINT_INDEX[f"{side}_knee"], 0] = 2 * bend
        turns[:, JOINT_INDEX[f"{side}_ankle"], 0] = -bend
        turns[:, JOINT_INDEX[f"{side}_shoulder"], 2] = out * np.radians(65)
    local = axis_angle_to_matrix(turns)
    local[:, 0] = SMPL_TO_WORLD @ local[:, 0]
    place = np.zeros((len(times), 3))
    place[:, 2] = air - body.pose(local, np.zeros(10))[..., 2].min(axis=1)
    take = Take(
        poses=matrix_to_axis_angle(local).reshape(len(local), 72),
        trans=place,
        betas=np.zeros(10),
        times=times,
        camera=_camera(view, place.mean(axis=0) + [0, 0, 0.9]),
    )
    return take, air


def kept(take: Take, truth: Take, body: Body) -> list[float]:
    """Return how much of the rise of the ankles and of the pelvis is left."""
    found = []
    for joints in ([JOINT_INDEX["left_ankle"], JOINT_INDEX["right_ankle"]], [0]):
        ups = []
        for each in (take, truth):
            placed, _ = forward_kinematics(each.rotations(), body.rest_joints(each.betas))
            up = (placed[:, joints, 2] + each.trans[:, None, 2]).mean(axis=1)
            inside = (each.times > _STANDS) & (each.times < _STANDS + _SECONDS - 0.5)
            low, high = np.percentile(up[inside], [10, 95])
            ups.append(high - low)
        found.append(ups[0] / ups[1])
    return found


def main() -> None:
    """Print a line for each height and rate."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", default=str(DEFAULT_WEIGHTS_PATH))
    options = parser.parse_args()
    body = default_body()
    network = load_weights(Path(options.weights))
    print("height, rate      captured: feet, pelvis   baked: feet, pelvis")
    for height in (0.03, 0.06, 0.12):
        for rate in (30.0, 60.0):
            rows = []
            for number, view in enumerate(_VIEWS):
                truth, _ = hopping(height, rate, body, view)
                take = captured(seen(truth, body, number), truth, network, body)
                exact = cleaned(truth, body, feet=True)
                rows.append(
                    [
                        each
                        for one in (take, cleaned(take, body, feet=True), exact)
                        for each in kept(one, truth, body)
                    ]
                )
            means = np.mean(rows, axis=0)
            print(f"{100 * height:3.0f} cm {rate:4.0f}   ", *(f"{value:7.2f}" for value in means))


if __name__ == "__main__":
    main()
