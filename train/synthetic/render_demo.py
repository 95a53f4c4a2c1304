"""Render the demo clip and its truth: `python -m train.synthetic.render_demo -o DIR`.

The only module of this room that runs Blender. The default body, dressed in colours, does the
motion of `demo_motion` in a plain room; the camera that filmed it goes into the truth.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import bpy
import cv2
import numpy as np
from mathutils import Matrix
from tqdm import tqdm

from bake.headless import silence_stdout
from core_model.body import Body, default_body
from core_model.camera import Camera
from core_model.errors import MocapError
from core_model.files import replaced_when_complete
from core_model.take import Take
from train.synthetic.clothes import clothes
from train.synthetic.demo_motion import demo_take
from train.synthetic.room import room

WIDTH, HEIGHT, FRAME_RATE = 854, 480, 30
BETAS = np.array([0.5, -0.4, 0.6, 0.0, -0.5, 0.0, 0.0, 0.0, 0.0, 0.0])
CAMERA_PLACE = (1.36, -4.1, 1.42)
CAMERA_AIM = (0.02, -0.45, 0.95)
FOCAL = 800.0
"""Pixels: 56 degrees across, an ordinary phone."""

DATA_FOLDER = Path(__file__).parents[2] / "tests" / "end_to_end" / "demo"


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


def render(take: Take, body: Body) -> Iterator[np.ndarray]:
    """Render a dressed body doing a take, as its camera sees it.

    Parameters
    ----------
    take : Take
        With a camera.
    body : Body

    Yields
    ------
    (H, W, 3) uint8
        RGB, one picture for every frame of the take.
    """
    scene = _new_scene()
    assert take.camera is not None
    _add_camera(scene, take.camera)
    _add_mesh(scene, "Room", *room())
    person = _add_mesh(scene, "Person", body.rest_vertices(take.betas), body.faces, clothes(body))
    rotations = take.rotations()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "picture.png"
        scene.render.filepath = str(path)
        for frame in range(len(take)):
            posed = body.pose(rotations[frame : frame + 1], take.betas)[0] + take.trans[frame]
            person.vertices.foreach_set("co", posed.astype(np.float32).ravel())
            person.update()
            bpy.ops.render.render(write_still=True)
            yield cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)


def write_video(path: Path, pictures: Iterator[np.ndarray]) -> None:
    """Encode pictures (H, W, 3) uint8 RGB as H.264 in an MP4 file at `FRAME_RATE`.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    with replaced_when_complete(path) as temporary, av.open(str(temporary), "w") as container:
        stream = container.add_stream(
            "libx264", rate=FRAME_RATE, options={"crf": "22", "preset": "slow"}
        )
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.time_base = Fraction(1, FRAME_RATE)
        for picture in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))


def main(arguments: list[str] | None = None) -> int:
    """Render `demo.mp4` and write `demo_truth.npz` beside it."""
    parser = argparse.ArgumentParser(description="Render the demo clip and its truth.")
    parser.add_argument("-o", "--out", type=Path, default=DATA_FOLDER, help="the folder for both")
    options = parser.parse_args(arguments)
    try:
        body = default_body()
        take = demo_truth(body)
        write_video(options.out / "demo.mp4", tqdm(render(take, body), "render", len(take)))
        take.save(options.out / "demo_truth.npz")
    except MocapError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


def _new_scene() -> Any:
    """Start from nothing; Workbench renders anywhere, also without a graphics card."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene: Any = bpy.context.scene
    scene.render.engine = "BLENDER_WORKBENCH"
    scene.render.resolution_x, scene.render.resolution_y = WIDTH, HEIGHT
    scene.render.image_settings.file_format = "PNG"
    scene.view_settings.view_transform = "Standard"
    scene.view_settings.exposure = 0.8
    scene.display.render_aa = "8"
    shading = scene.display.shading
    shading.light, shading.color_type = "STUDIO", "VERTEX"
    shading.show_shadows, shading.shadow_intensity = True, 0.3
    shading.show_cavity, shading.show_specular_highlight = True, False
    scene.display.light_direction = (-0.45, 0.35, 0.82)
    return scene


def _add_camera(scene: Any, camera: Camera) -> None:
    data = bpy.data.cameras.new("Camera")
    data.sensor_fit = "HORIZONTAL"
    data.lens = data.sensor_width * camera.focal / WIDTH
    scene.camera = bpy.data.objects.new("Camera", data)
    # Blender's cameras look along -Z with Y up.
    scene.camera.matrix_world = Matrix((camera.to_world @ np.diag([1.0, -1.0, -1.0, 1.0])).tolist())
    scene.collection.objects.link(scene.camera)


def _add_mesh(
    scene: Any,
    name: str,
    vertices: np.ndarray,
    faces: np.ndarray,
    colors: np.ndarray,
) -> Any:
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(vertices.tolist(), [], faces.tolist())
    attribute: Any = mesh.color_attributes.new("Color", "BYTE_COLOR", "POINT")
    opaque = np.concatenate((colors, np.ones((len(colors), 1))), axis=1)
    attribute.data.foreach_set("color_srgb", opaque.astype(np.float32).ravel())
    mesh.polygons.foreach_set("use_smooth", np.full(len(faces), name == "Person"))
    scene.collection.objects.link(bpy.data.objects.new(name, mesh))
    return mesh


if __name__ == "__main__":
    silence_stdout()
    sys.exit(main())
