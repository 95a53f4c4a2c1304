"""What Blender shows of a video behind the camera is what the motion was captured from."""

import struct
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest

from bake.motion.resample import FrameRate, Timeline
from bake.scene.clip.background import add_background
from bake.scene.clip.camera_match import create_camera
from tests.bake.motions import filmed_from_the_front

av = pytest.importorskip("av", reason="videos are made and read with PyAV")

from core_model.video.blender_copy import NAME, write_blender_copy  # noqa: E402
from core_model.video.clip import Video, open_video  # noqa: E402
from tests.core_model.video.clips import (  # noqa: E402
    cut_between_keyframes,
    joined,
    number_of,
    read,
    together,
    write_greys,
)  # noqa: E402
from tests.core_model.video.test_clip import quadrants, write  # noqa: E402

AT_30 = Timeline(FrameRate(30, 1.0))


def _background(
    video: Video, times: list[float], folder: Path, timeline: Timeline = AT_30
) -> tuple[Any, list[str]]:
    """Put a clip behind a camera."""
    placed = create_camera("shot", filmed_from_the_front(), bpy.data.scenes[0].collection)
    size = np.array([video.width, video.height])
    stored: dict[str, Any] = video.stored
    if not video.plays_in_blender:
        copy = folder / "takes" / NAME
        write_blender_copy(video, np.array(times), copy)
        stored = {"copy": str(copy), "lead": -times[0]}
    warnings = add_background(placed, video.path, timeline, size, stored)
    data: Any = placed.data
    return data.background_images[0], warnings


def _shown(background: Any, frame: int, folder: Path) -> np.ndarray:
    """Return RGB (H, W, 3), 0 to 1, that Blender has behind the camera at a frame of the scene."""
    scene: Any = bpy.data.scenes[0]
    scene.camera = scene.camera or bpy.data.objects[0]
    render = scene.render
    render.engine, render.resolution_percentage = "BLENDER_WORKBENCH", 100
    render.resolution_x, render.resolution_y = background.clip.size
    render.filepath = str(folder / "shown.png")
    scene.view_settings.view_transform = "Standard"
    tree: Any
    if bpy.app.version < (5, 0, 0):
        scene.use_nodes = True
        tree = scene.node_tree
        tree.nodes.clear()
        output = tree.nodes.new("CompositorNodeComposite")
    else:
        tree = bpy.data.node_groups.new("clip", "CompositorNodeTree")
        scene.compositing_node_group = tree
        tree.interface.new_socket("Image", in_out="OUTPUT", socket_type="NodeSocketColor")
        output = tree.nodes.new("NodeGroupOutput")
    node = tree.nodes.new("CompositorNodeMovieClip")
    node.clip = background.clip
    tree.links.new(node.outputs[0], output.inputs[0])
    scene.frame_set(frame)
    bpy.ops.render.render(write_still=True)
    image: Any = bpy.data.images.load(render.filepath)
    pixels = np.array(image.pixels[:]).reshape(image.size[1], image.size[0], -1)[::-1, :, :3]
    bpy.data.images.remove(image)
    pixels = pixels[:, ::-1] if background.use_flip_x else pixels
    return pixels[::-1] if background.use_flip_y else pixels


def _live(folder: Path) -> Path:
    """Write a recording of a browser, which tells neither length nor rate."""
    path = write_greys(folder / "live.webm", codec="libvpx", options={"live": "1"})
    with av.open(str(path)) as container:
        assert container.duration is None
    return path


def _taped_over(folder: Path) -> Path:
    parts = [
        write_greys(folder / f"{first}.ts", 30, begin=60.0 * first, first=first)
        for first in (0, 30)
    ]
    return joined(folder / "tape.ts", *parts)


def _uneven(path: Path) -> Path:
    """Write 60 pictures that last 1, 2 or 3 clocks of a thirtieth, and one that lasts a second."""
    clocks = np.cumsum([0, *(30 if n == 40 else 1 + n % 3 for n in range(59))])
    source = write_greys(path.with_name("even.mp4"))
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("libx264", rate=30, options={"bf": "0", "crf": "1"})
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 30)
        for clock, frame in zip(clocks.tolist(), open_video(source), strict=True):
            picture = av.VideoFrame.from_ndarray(frame.image, format="rgb24")
            picture.pts, picture.time_base = clock, Fraction(1, 30)
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return path


def _behind_a_still(folder: Path) -> Path:
    still = write_greys(folder / "still.mkv", 1, Fraction(1), (96, 64), codec="mjpeg")
    return together(folder / "two.mkv", still, write_greys(folder / "moving.mp4"))


@pytest.mark.parametrize(
    "make",
    [
        lambda folder: write_greys(folder / "plain.mp4"),
        lambda folder: write_greys(folder / "b_frames.avi"),
        lambda folder: write_greys(folder / "late.ts", begin=20.0),
        lambda folder: cut_between_keyframes(folder / "cut.ts"),
        lambda folder: write_greys(folder / "raw.h264"),
        _live,
        _taped_over,
        _behind_a_still,
    ],
)
def test_every_frame_shows_the_picture_of_its_time(empty_scene, tmp_path, make):
    video = open_video(make(tmp_path))
    numbers, times = read(video)
    background, warnings = _background(video, times, tmp_path)
    assert warnings == []
    for frame in (1, 2, 3, 7, 20, 31, len(numbers)):
        assert number_of(255 * _shown(background, frame, tmp_path)) == numbers[frame - 1]


@pytest.mark.parametrize(
    ("clip_rate", "scene_rate"),
    [
        (Fraction(60), FrameRate(24, 1.0)),
        (Fraction(24), FrameRate(60, 1.0)),
        (Fraction(30000, 1001), FrameRate(30, 1.0)),
        (Fraction(25), FrameRate(30, 1.001)),
        (Fraction(1), FrameRate(24, 1.0)),
    ],
    ids=str,
)
def test_a_clip_of_another_rate_shows_the_picture_of_the_moment(
    empty_scene, tmp_path, clip_rate, scene_rate
):
    """With an in point, and a motion that begins in the middle of the scene."""
    video = open_video(write_greys(tmp_path / "clip.mp4", 90, clip_rate))
    numbers, times = read(video)
    empty_scene.render.fps, empty_scene.render.fps_base = scene_rate.fps, scene_rate.base
    timeline = Timeline(scene_rate, times[10], first_frame=1001)
    background, warnings = _background(video, times, tmp_path, timeline)
    assert warnings == []
    for place in (10, 11, 40, 89):
        frame = round(float(timeline.frame_of(np.array(times[place]))))
        moment = float(timeline.time_of(np.array(frame)))
        nearest = min(abs(np.array(times) - moment))
        shown = numbers.index(number_of(255 * _shown(background, frame, tmp_path)))
        assert abs(times[shown] - moment) < nearest + 1e-3


def test_a_clip_of_a_variable_rate_shows_the_picture_of_the_moment(empty_scene, tmp_path):
    video = open_video(_uneven(tmp_path / "uneven.mkv"))
    numbers, times = read(video)
    assert np.ptp(np.diff(times)) > 0.1
    timeline = Timeline(FrameRate(24, 1.0))
    background, warnings = _background(video, times, tmp_path, timeline)
    assert warnings == []
    missed = []
    for place, (time, until) in enumerate(pairwise([*times, times[-1] + 0.05])):
        frame = round(float(timeline.frame_of(np.array((time + until) / 2))))
        shown = numbers.index(number_of(255 * _shown(background, frame, tmp_path)))
        missed.append(abs(shown - place))
    assert max(missed) <= 1 and np.mean(missed) < 0.5 and missed[40] == 0, missed


@pytest.mark.parametrize(
    "matrix",
    [
        (1, 0, 0, 1),
        (0, 1, -1, 0),
        (-1, 0, 0, -1),
        (0, -1, 1, 0),
        (-1, 0, 0, 1),
        (1, 0, 0, -1),
        (0, 1, 1, 0),
        (0, -1, -1, 0),
    ],
)
def test_a_turned_or_mirrored_clip_is_upright_or_told(empty_scene, tmp_path, matrix):
    path = write(tmp_path / "phone.mp4", [quadrants()] * 3)
    data = bytearray(path.read_bytes())
    start = data.index(b"tkhd") + 4 + 40
    a, b, c, d = (each << 16 for each in matrix)
    data[start : start + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    path.write_bytes(data)
    video = open_video(path)
    background, warnings = _background(video, [], tmp_path)
    shown = _shown(background, 1, tmp_path)
    if shown.shape[:2] != (video.height, video.width):
        assert bpy.app.version < (4, 4, 0) and any("turned" in each for each in warnings)
        return
    assert warnings == []
    ours = next(iter(video)).image / 255
    assert np.median(np.abs(shown - ours)) < 0.1
