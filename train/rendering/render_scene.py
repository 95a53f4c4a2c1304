"""Render dressed bodies in a room: Blender's Workbench, which needs no graphics card."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy
import cv2
import numpy as np
from mathutils import Matrix, Vector

from core_model.body.model import Body
from core_model.geometry.camera import Camera
from core_model.take import Take
from train.rendering.clothes import Outfit, clothes

Mesh = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Vertices (V, 3) metres Z up, faces (F, K), colours (V, 3) sRGB."""

_LIGHT = (-0.45, 0.35, 0.82)


@dataclass(frozen=True)
class Person:
    """Who is rendered: a take and what it wears."""

    take: Take
    outfit: Outfit = Outfit()


def render(
    people: Sequence[Person],
    surroundings: Mesh,
    body: Body,
    light_turns: float = 0.0,
    shadows: bool = True,
    light_along: np.ndarray | None = None,
) -> Iterator[np.ndarray]:
    """Render people doing their takes together, as the camera of the first sees them.

    Parameters
    ----------
    people : sequence of Person
        Takes of the same length, the first with a camera, which may turn.
    surroundings : Mesh
    body : Body
    light_turns : float
        Degrees that the light goes around the vertical during the clip, the middle being usual.
    shadows : bool
    light_along : (2,) or None
        Where the light goes to, seen from above; with None where the camera looks.

    Yields
    ------
    (H, W, 3) uint8
        RGB, one picture for every frame.
    """
    first = people[0].take
    camera = first.camera
    assert camera is not None
    scene = _new_scene(camera)
    scene.display.shading.show_shadows = shadows
    eye = _add_camera(scene, camera)
    _add_mesh(scene, "Room", *surroundings)
    meshes = [
        _add_mesh(
            scene,
            "Person",
            body.rest_vertices(person.take.betas),
            body.faces,
            clothes(body, person.outfit),
        )
        for person in people
    ]
    rotations = [person.take.rotations() for person in people]
    count = len(first)
    # The studio's lights stand around the camera, which sees the lit side.
    ahead = camera.to_world[:2, 2] if light_along is None else light_along
    behind_camera = np.arctan2(-ahead[0], ahead[1])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "picture.png"
        scene.render.filepath = str(path)
        for frame in range(count):
            for mesh, person, turned in zip(meshes, people, rotations, strict=True):
                posed = body.pose(turned[frame : frame + 1], person.take.betas)[0]
                posed = posed + person.take.trans[frame]
                mesh.vertices.foreach_set("co", posed.astype(np.float32).ravel())
                mesh.update()
            if np.size(first.camera_turns):
                _turn_camera(eye, camera.to_world[:3, :3] @ first.camera_turns[frame])
            turned_by = np.radians(light_turns) * (frame / max(count - 1, 1) - 0.5)
            _turn_light(scene, behind_camera + turned_by)
            bpy.ops.render.render(write_still=True)
            yield cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)


def _new_scene(camera: Camera) -> Any:
    """Start from nothing; Workbench renders anywhere, also without a graphics card."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene: Any = bpy.context.scene
    scene.render.engine = "BLENDER_WORKBENCH"
    width, height = (int(side) for side in camera.size)
    scene.render.resolution_x, scene.render.resolution_y = width, height
    scene.render.image_settings.file_format = "PNG"
    scene.render.image_settings.compression = 0
    scene.view_settings.view_transform = "Standard"
    scene.view_settings.exposure = 0.8
    scene.display.render_aa = "FXAA"  # five times as fast as eight samples on a processor
    shading = scene.display.shading
    shading.light, shading.color_type = "STUDIO", "VERTEX"
    shading.use_world_space_lighting = True
    shading.shadow_intensity = 0.3
    shading.show_specular_highlight = False
    return scene


def _turn_light(scene: Any, angle: float) -> None:
    """Turn studio light and shadows by `angle` radians about the vertical."""
    scene.display.shading.studiolight_rotate_z = (np.pi - angle) % (2 * np.pi) - np.pi
    scene.display.light_direction = Matrix.Rotation(angle, 3, "Z") @ Vector(_LIGHT)


def _add_camera(scene: Any, camera: Camera) -> Any:
    data = bpy.data.cameras.new("Camera")
    data.sensor_fit = "HORIZONTAL"
    data.lens = data.sensor_width * camera.focal / int(camera.size[0])
    scene.camera = bpy.data.objects.new("Camera", data)
    scene.camera.location = camera.to_world[:3, 3].tolist()
    _turn_camera(scene.camera, camera.to_world[:3, :3])
    scene.collection.objects.link(scene.camera)
    return scene.camera


def _turn_camera(eye: Any, axes: np.ndarray) -> None:
    """Turn a camera so that its space has these axes (3, 3) in the world."""
    # Blender's cameras look along -Z with Y up.
    turned = Matrix((axes @ np.diag([1.0, -1.0, -1.0])).tolist())
    eye.rotation_euler = turned.to_euler()


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
