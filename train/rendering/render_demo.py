"""Render the demo clip and its truth: `python -m train.rendering.render_demo -o DIR`.

The default body, dressed in colours, does the motion of `demo_motion` in a plain room; the camera
that filmed it goes into the truth.
"""

import argparse

import numpy as np
from tqdm import tqdm

from bake.headless import end, silence_stdout
from core_model.body.model import Body, default_body
from core_model.engine.command_line import a_path, command
from core_model.geometry.camera import Camera
from core_model.take import Take
from train.places import DEMO_FOLDER
from train.rendering.demo_motion import demo_take
from train.rendering.render_scene import Person, render
from train.rendering.room import room
from train.rendering.video_writing import write_video

WIDTH, HEIGHT, FRAME_RATE = 854, 480, 30
BETAS = np.array([0.5, -0.4, 0.6, 0.0, -0.5, 0.0, 0.0, 0.0, 0.0, 0.0])
CAMERA_PLACE = (1.36, -4.1, 1.42)
CAMERA_AIM = (0.02, -0.45, 0.95)
FOCAL = 800.0
"""Pixels: 56 degrees across, an ordinary phone."""


def demo_camera() -> Camera:
    """Return the camera that films the demo, upright, a little above the hips."""
    place, aim = np.array(CAMERA_PLACE), np.array(CAMERA_AIM)
    forward = (aim - place) / np.linalg.norm(aim - place)
    right = np.cross(forward, [0.0, 0.0, 1.0])
    right /= np.linalg.norm(right)
    to_world = np.eye(4)
    to_world[:3, :3] = np.stack((right, np.cross(forward, right), forward), axis=1)
    to_world[:3, 3] = place
    return Camera(
        focal=FOCAL,
        center=np.array([WIDTH / 2, HEIGHT / 2]),
        size=np.array([WIDTH, HEIGHT]),
        to_world=to_world,
    )


def demo_truth(body: Body) -> Take:
    """Return the motion of the demo as filmed: with the camera and the person's box in pixels."""
    take = demo_take(body, BETAS, FRAME_RATE)
    take.camera = demo_camera()
    pixels = take.camera.project(take.camera_joints(body))
    low, high = pixels.min(axis=1), pixels.max(axis=1)
    take.bbox = np.concatenate((low, high - low), axis=1)
    return take


@command("python -m train.rendering.render_demo")
def main(arguments: list[str] | None = None) -> int:
    """Render `demo.mp4` and write `demo_truth.npz` beside it."""
    parser = argparse.ArgumentParser(description="Render the demo clip and its truth.")
    parser.add_argument("-o", "--out", type=a_path, default=DEMO_FOLDER, help="the folder for both")
    options = parser.parse_args(arguments)
    body = default_body()
    take = demo_truth(body)
    pictures = tqdm(render([Person(take)], room(), body), "render", len(take))
    write_video(options.out / "demo.mp4", pictures, FRAME_RATE, crf=22)
    take.save(options.out / "demo_truth.npz")
    return 0


if __name__ == "__main__":
    silence_stdout()
    end(main())
