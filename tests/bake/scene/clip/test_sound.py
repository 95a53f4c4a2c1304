"""The sound of a clip is heard when its picture is seen."""

import wave
from fractions import Fraction
from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest

from bake.motion.resample import FrameRate, Timeline
from bake.scene.clip.sound import has_edit, put_sound, strips_of
from bake.scene.timing import is_animated

av = pytest.importorskip("av", reason="clips are made with PyAV")

from core_model.video.clip import open_video  # noqa: E402
from tests.core_model.video.clips import write_greys  # noqa: E402

_HERTZ = 48000
_EXACT = 0.03  # seconds: coders of sound begin with a little silence

pytestmark = pytest.mark.skipif(
    bpy.app.version < (4, 4, 0), reason="the bpy module 4.2 was built without sound"
)


def beeping(
    path: Path, at: float = 2.0, seconds: float = 3.0, pictures: float = 0.0, sound: float = 0.0
) -> Path:
    """Write a clip that beeps for a fifth of a second, `at` seconds after its first picture.

    Pictures and sound may begin later on the clock of the file.
    """
    silent = write_greys(path.with_name("silent.mp4"), round(30 * seconds), begin=pictures)
    with av.open(str(path), "w") as container, av.open(str(silent)) as source:
        stream = container.add_stream_from_template(source.streams.video[0])
        heard: Any = container.add_stream("aac", rate=_HERTZ, layout="mono")
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                container.mux(packet)
        times = sound - pictures + np.arange(int((seconds + pictures - sound) * _HERTZ)) / _HERTZ
        beep = np.sin(2000 * np.pi * times) * (times >= at) * (times < at + 0.2)
        for begin in range(0, len(times) - 1024, 1024):
            part = beep[None, begin : begin + 1024].astype(np.float32)
            frame = av.AudioFrame.from_ndarray(part, format="fltp", layout="mono")
            frame.sample_rate, frame.time_base = _HERTZ, Fraction(1, _HERTZ)
            frame.pts = begin + round(sound * _HERTZ)
            container.mux(heard.encode(frame))
        container.mux(heard.encode(None))
    return path


def heard_at(scene: bpy.types.Scene, folder: Path) -> list[float]:
    """Return the frames at which the beep of a scene begins and ends; nothing for silence."""
    path = folder / "mix.wav"
    bpy.ops.sound.mixdown(filepath=str(path), container="WAV", codec="PCM", format="S16")
    with wave.open(str(path)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
        hertz = file.getframerate()
        loud = np.flatnonzero(np.abs(samples.reshape(-1, file.getnchannels())[:, 0]) > 3000)
    rate = scene.render.fps / scene.render.fps_base
    return [
        scene.frame_start + rate * float(each) / hertz
        for each in loud[:1].tolist() + loud[-1:].tolist()
    ]


@pytest.fixture
def clip(tmp_path):
    return beeping(tmp_path / "street.mp4")


@pytest.mark.parametrize(
    ("rate", "start", "first", "later"),
    [
        (30, 0.0, 1, 0.0),
        (24, 0.0, 1, 0.0),
        (60, 1.0, 1001, 0.0),
        (24, 0.512, 1001, 0.25),
        (30, 0.5, 1, -0.4),
    ],
)
def test_the_beep_is_heard_at_its_frame(empty_scene, clip, tmp_path, rate, start, first, later):
    scene = empty_scene
    timeline = Timeline(FrameRate(rate, 1.0), start, first)
    scene.render.fps = rate
    scene.frame_start, scene.frame_end = first, first + 4 * rate
    assert put_sound(scene, "a", clip, timeline, first + 4 * rate, later)
    expected = timeline.frame_of(np.array([2.0, 2.2]) + later)
    assert np.allclose(heard_at(scene, tmp_path), expected, atol=_EXACT * rate)
    (strip,) = strips_of(scene.sequence_editor)
    assert strip.name == "street" and strip.frame_final_start >= first


@pytest.mark.parametrize(
    ("name", "pictures", "sound"),
    [("a.mp4", 0.0, 0.0), ("b.mp4", 0.0, 0.5), ("c.mkv", 0.5, 0.0), ("d.ts", 20.3, 20.0)],
)
def test_sound_that_begins_before_or_after_the_pictures_is_in_step(
    empty_scene, tmp_path, name, pictures, sound
):
    video = open_video(beeping(tmp_path / name, 2.0, 3.0, pictures, sound))
    assert video.sound_start == pytest.approx(sound - pictures, abs=_EXACT)
    empty_scene.render.fps, empty_scene.frame_end = 30, 120
    timeline = Timeline(FrameRate(30, 1.0))
    assert put_sound(empty_scene, "a", video.path, timeline, 120, video.sound_start or 0.0)
    expected = timeline.frame_of(np.array([2.0, 2.2]))
    assert np.allclose(heard_at(empty_scene, tmp_path), expected, atol=30 * _EXACT)


def test_nothing_is_heard_after_the_motion(empty_scene, clip, tmp_path):
    empty_scene.render.fps = 30
    empty_scene.frame_end = 90
    put_sound(empty_scene, "a", clip, Timeline(FrameRate(30, 1.0)), 40)
    assert heard_at(empty_scene, tmp_path) == []


def test_sound_again_replaces_it_and_keeps_how_loud_it_was(empty_scene, clip):
    timeline = Timeline(FrameRate(30, 1.0))
    put_sound(empty_scene, "b", clip, timeline, 60)
    put_sound(empty_scene, "a", clip, timeline, 60)
    strips: Any = strips_of(empty_scene.sequence_editor)
    ours = next(each for each in strips if each.channel == 2)
    ours.volume, ours.mute = 0.25, True
    put_sound(empty_scene, "a", clip, Timeline(FrameRate(30, 1.0), 0.0, 11), 70)
    found = [(each.channel, each.frame_final_start, each.volume, each.mute) for each in strips]
    assert sorted(found) == [(1, 1, 1.0, False), (2, 11, 0.25, True)]
    for owner in ("a", "b"):
        assert not put_sound(empty_scene, owner, None, timeline, 60)
    assert not strips and not bpy.data.sounds


def test_a_clip_without_sound_leaves_no_strip(empty_scene, tmp_path):
    (tmp_path / "no.mp4").write_text("no clip")
    silent = write_greys(tmp_path / "silent.mp4", 30)
    for clip in (silent, tmp_path / "no.mp4", tmp_path, tmp_path / "gone.mp4"):
        assert not put_sound(empty_scene, "a", clip, Timeline(FrameRate(30, 1.0)), 30)
        assert not bpy.data.sounds
    assert not strips_of(empty_scene.sequence_editor)


def test_our_sound_is_no_edit_of_the_users(empty_scene, clip):
    put_sound(empty_scene, "a", clip, Timeline(FrameRate(30, 1.0)), 60)
    assert not has_edit(empty_scene) and not is_animated(empty_scene)
    strips: Any = strips_of(empty_scene.sequence_editor)
    strips.new_sound("mine", str(clip), 5, 1)
    assert has_edit(empty_scene) and is_animated(empty_scene)
