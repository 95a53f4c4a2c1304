"""Readers of what a capture leaves: takes, their summary, what was tracked."""

import io
import json
from pathlib import Path

import numpy as np

from tests.fuzz.targets.target import Target


def npz(**arrays: object) -> bytes:
    """Return an archive of arrays."""
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)  # type: ignore[arg-type]
    return stream.getvalue()


def _takes() -> list[bytes]:
    random = np.random.default_rng(0)
    poses, trans = random.normal(0, 0.2, (20, 72)), random.normal(0, 0.1, (20, 3))
    times = np.arange(20) / 30
    ours = npz(
        poses=poses,
        trans=trans,
        betas=np.zeros(10),
        gender="neutral",
        mocap_framerate=30.0,
        times=times,
        confidence=np.ones((20, 24)),
        frame_valid=np.ones(20, bool),
        source=json.dumps({"video": "a.mp4"}),
    )
    amass = npz(
        poses=random.normal(0, 0.2, (20, 156)),
        trans=trans,
        betas=np.zeros(16),
        gender=np.array(b"male"),
        mocap_framerate=120.0,
        dmpls=np.zeros((20, 8)),
    )
    return [ours, amass]


def _read_take(path: Path) -> object:
    from core_model.take import Take

    return Take.load(path)


def _summaries() -> list[bytes]:
    person = {"file": "person_01.npz", "start": 0.0, "end": 1.0, "frames": 31, "seen": 31}
    content = {
        "format": "int-mocap-capture-1",
        "version": "0.1.0",
        "video": "/clips/a.mp4",
        "sound_start": 0.02,
        "warnings": ["The camera turns."],
        "people": [person | {"confidence": 0.8}],
        "stages": {"people": 1.5},
    }
    return [json.dumps(content, indent=2).encode()]


def _read_summary(path: Path) -> object:
    from core_model.take.folder import read_summary

    path.rename(path.with_name("capture.json"))
    return read_summary(path.parent)


def _tracks() -> list[bytes]:
    import tempfile

    from core_model.tracking.background import BackgroundMatch
    from core_model.tracking.track_cache import save_tracks
    from core_model.tracking.track_people import TrackingResult
    from core_model.tracking.tracks import Track

    random = np.random.default_rng(0)
    track = Track(
        track_id=1,
        frames=np.arange(6),
        landmarks=random.normal(100, 20, (6, 33, 3)).astype(np.float32),
        world_landmarks=random.normal(0, 0.4, (6, 33, 3)).astype(np.float32),
        bbox=random.normal(100, 20, (6, 4)).astype(np.float32),
        presence=np.ones(6, np.float32),
    )
    points = random.normal(100, 20, (8, 2))
    background = [
        BackgroundMatch(0.0, 0, None, None, 12),
        BackgroundMatch(0.1, 0, points, points + 1, 12),
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tracks.npz"
        save_tracks(path, _PART, TrackingResult(np.arange(6) / 30, [track], background))
        return [path.read_bytes()]


_PART = {"path": "/clips/a.mp4", "bytes": 1, "changed": 2, "start": 0.0, "end": None}


def _read_tracks(path: Path) -> object:
    from core_model.tracking.track_cache import load_tracks

    return load_tracks(path, _PART)


TARGETS = {
    "takes": Target(".npz", _takes, _read_take),
    "capture.json": Target(".json", _summaries, _read_summary),
    "what was tracked": Target(".npz", _tracks, _read_tracks),
}
