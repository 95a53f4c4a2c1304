"""A performance as several cameras filmed it: what they knew, their clocks, and the file of that.

`NAME.json` beside `NAME_a.mp4`, `NAME_b.mp4` and so on. The clock of the performance is that of the
truth, `NAME_01.npz`.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from core_model.body.model import Body
from core_model.geometry.camera import Camera
from core_model.geometry.rotations import axis_angle_to_matrix, matrix_to_axis_angle
from core_model.storage.atomic import replaced_when_complete
from core_model.take import Take
from train.rendering.in_time import take_at


@dataclass(frozen=True)
class FilmedView:
    """One camera's clip and what is true of it.

    Parameters
    ----------
    video : Path
    camera : Camera
        In the world of the truth; of a camera that turned as it looked in its first frame.
    start : float
        When its first picture was taken, seconds on the clock of the performance.
    frame_rate : float
        Pictures a second by the clip's own clock.
    frames : int
    drift : float
        Parts in a million that its seconds are too long: what the clip says was `s` seconds after
        its first picture was at `start + s * (1 + drift / 1e6)`.
    turns : (T, 3, 3) or (0,)
        As `Take.camera_turns`, from every frame to the first; empty if the camera stood still.
    sound : bool
        Whether it has sound, which begins with the first picture.
    """

    video: Path
    camera: Camera
    start: float
    frame_rate: float
    frames: int
    drift: float = 0.0
    turns: np.ndarray = field(default_factory=lambda: np.empty(0))
    sound: bool = False

    def times(self) -> np.ndarray:
        """Return when its pictures were taken (T,), seconds on the clock of the performance."""
        own = np.arange(self.frames) / self.frame_rate
        return np.asarray(self.start + own * (1 + self.drift * 1e-6))

    def seen(self, take: Take, body: Body | None = None) -> Take:
        """Return a truth at this camera's pictures, with this camera and boxes around the joints.

        Parameters
        ----------
        take : Take
            On the clock of the performance.
        body : Body or None
            The default one if none is given.
        """
        moved = take_at(take, self.times())
        moved.camera, moved.camera_turns = self.camera, self.turns
        pixels = self.camera.project(moved.camera_joints(body))
        low, high = pixels.min(axis=1), pixels.max(axis=1)
        moved.bbox = np.concatenate((low, high - low), axis=1)
        return moved


@dataclass(frozen=True)
class Clap:
    """When somebody clapped, seconds on the clock of the performance, and where (3,), metres."""

    time: float
    place: np.ndarray


def write_views(path: Path, views: list[FilmedView], claps: list[Clap]) -> None:
    """Write what is true of the cameras as JSON.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    content = {
        "views": [_described(view) for view in views],
        "claps": [{"time": clap.time, "place": np.round(clap.place, 4).tolist()} for clap in claps],
    }
    with replaced_when_complete(path) as temporary:
        temporary.write_text(json.dumps(content, indent=1) + "\n")


def read_views(path: Path) -> tuple[list[FilmedView], list[Clap]]:
    """Read what `write_views` wrote; the clips lie beside it."""
    content = json.loads(path.read_text())
    views = [
        FilmedView(
            video=path.parent / each["file"],
            camera=Camera(
                each["focal"],
                np.array(each["center"]),
                np.array(each["size"]),
                np.array(each["to_world"]),
            ),
            start=each["start"],
            frame_rate=each["frame_rate"],
            frames=each["frames"],
            drift=each["drift_ppm"],
            turns=np.asarray(axis_angle_to_matrix(np.array(each["turns"])))
            if each["turns"]
            else np.empty(0),
            sound=each["sound"],
        )
        for each in content["views"]
    ]
    return views, [Clap(each["time"], np.array(each["place"])) for each in content["claps"]]


def _described(view: FilmedView) -> dict[str, Any]:
    turned = view.turns.reshape(-1, 3, 3)
    turns = np.round(matrix_to_axis_angle(turned), 6)
    return {
        "file": view.video.name,
        "size": [int(side) for side in view.camera.size],
        "focal": view.camera.focal,
        "center": view.camera.center.tolist(),
        "to_world": np.round(view.camera.to_world, 7).tolist(),
        "turns": turns.tolist(),
        "start": view.start,
        "frame_rate": view.frame_rate,
        "frames": view.frames,
        "drift_ppm": view.drift,
        "sound": view.sound,
    }
