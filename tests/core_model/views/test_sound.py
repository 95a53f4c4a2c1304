"""Claps tell when a second clip begins."""

from pathlib import Path

import av
import numpy as np
import pytest

from core_model.video.clip import open_video
from core_model.views.sound import Onsets, hear, heard_offset

RATE = 44100


def write_clip(path: Path, sound: np.ndarray, rate: int = 30, seconds: float = 4.0) -> Path:
    """Write a grey clip with this sound (N,), -1 to 1, as phones do: H.264 and AAC."""
    with av.open(str(path), "w") as file:
        video = file.add_stream("libx264", rate=rate)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        audio = file.add_stream("aac", rate=RATE)
        audio.layout = "mono"
        for _ in range(round(seconds * rate)):
            picture = np.full((48, 64, 3), 90, np.uint8)
            file.mux(video.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        samples = av.AudioFrame.from_ndarray(sound[None].astype(np.float32), "fltp", "mono")
        samples.sample_rate = RATE
        file.mux(audio.encode(samples))
        file.mux(audio.encode(None))
        file.mux(video.encode(None))
    return path


def claps(moments: list[float], begin: float, seconds: float, loud: float, seed: int) -> np.ndarray:
    """Return claps in a noisy room as a phone hears them that begins to film at `begin`."""
    rng = np.random.default_rng(seed)
    times = begin + np.arange(round(seconds * RATE)) / RATE
    sound = rng.normal(0, 0.01, len(times))
    for number, moment in enumerate(moments):
        since = np.maximum(times - moment, 0)
        bang = np.random.default_rng(number).normal(0, 1, len(times))
        sound += loud * bang * np.exp(-since / 0.03) * (times >= moment)
    return np.clip(sound, -1, 1)


@pytest.mark.parametrize("late", [-0.613, 0.25, 1.0507])
def test_claps_tell_the_offset_within_five_milliseconds(tmp_path: Path, late: float) -> None:
    moments = [1.7, 2.05, 2.9]
    files = [
        write_clip(tmp_path / "a.mp4", claps(moments, 0.0, 4.0, 0.5, 8)),
        write_clip(tmp_path / "b.mov", claps(moments, late, 4.0, 0.2, 9), rate=25),
    ]
    onsets = [hear(path, open_video(path).sound_start) for path in files]
    assert onsets[0] is not None and onsets[1] is not None
    found = heard_offset(onsets[0], onsets[1])
    assert found is not None
    assert abs(found.offset - late) < 0.005


def test_noise_tells_nothing(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    onsets = [Onsets(0.0, np.maximum(rng.normal(0, 1, 4000), 0)) for _ in range(2)]
    assert heard_offset(*onsets) is None
    silent = write_clip(tmp_path / "silent.mp4", np.zeros(4 * RATE))
    assert hear(silent, open_video(silent).sound_start) is None
    assert hear(silent, None) is None


def test_a_clock_that_drifts_is_heard_in_a_long_clip() -> None:
    rng = np.random.default_rng(1)
    steps = np.sort(rng.uniform(1, 299, 500))  # of somebody who walks about for five minutes
    drift = 100e-6

    def onsets(moments: np.ndarray, seed: int) -> Onsets:
        rises = np.maximum(np.random.default_rng(seed).normal(0, 0.05, 300_000), 0)
        rows = np.round(1000 * moments).astype(int)
        rises[rows[(rows >= 0) & (rows < len(rises))]] += 1.0
        return Onsets(0.0, rises)

    # What the second clip calls s was at 2.5 + s (1 + drift).
    found = heard_offset(onsets(steps, 2), onsets((steps - 2.5) / (1 + drift), 3))
    assert found is not None
    assert abs(found.rate - 1 - drift) < 20e-6
    late = np.array([0.0, 150.0, 290.0])
    missed = found.offset + found.rate * late - (2.5 + late * (1 + drift))
    assert np.abs(missed).max() < 0.005
