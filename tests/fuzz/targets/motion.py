"""Readers of what a capture leaves: takes, their summary, what was tracked."""

import io
import json
import tempfile
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from tests.fuzz.engines.guided import Guided
from tests.fuzz.engines.structured import Structured
from tests.fuzz.packing import ODD_MEMBERS, as_json, as_npz
from tests.fuzz.target import Target


def _takes() -> list[Any]:
    random = np.random.default_rng(0)
    poses, trans = random.normal(0, 0.2, (20, 72)), random.normal(0, 0.1, (20, 3))
    times = np.arange(20) / 30
    ours = {
        "poses": poses,
        "trans": trans,
        "betas": np.zeros(10),
        "gender": "neutral",
        "mocap_framerate": 30.0,
        "times": times,
        "confidence": np.ones((20, 24)),
        "frame_valid": np.ones(20, bool),
        "source": json.dumps({"video": "a.mp4"}),
    }
    amass = {
        "poses": random.normal(0, 0.2, (20, 156)),
        "trans": trans,
        "betas": np.zeros(16),
        "gender": np.array(b"male"),
        "mocap_framerate": 120.0,
        "dmpls": np.zeros((20, 8)),
    }
    return [ours, amass, _captured()]


def _captured() -> dict[str, Any]:
    """Return the arrays of a take as a capture with two cameras writes it."""
    from tests.core_model.take.test_take import make_take
    from tests.core_model.take.test_view import one_view

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "take.npz"
        replace(make_take(), views=(one_view(),)).save(path)
        with np.load(path) as file:
            return dict(file)


def _read_take(path: Path) -> object:
    from core_model.take import Take

    return Take.load(path)


def _take_files() -> list[bytes]:
    return list(map(as_npz, _takes()))


def _summaries() -> list[Any]:
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
    return [content]


def _read_summary(path: Path) -> object:
    from core_model.take.folder import read_summary

    path.rename(path.with_name("capture.json"))
    return read_summary(path.parent)


def _found() -> Any:
    from core_model.tracking.background import BackgroundMatch
    from core_model.tracking.line_segments import LineLook
    from core_model.tracking.track_people import TrackingResult
    from core_model.tracking.tracks import Track

    random = np.random.default_rng(0)
    track = Track(
        track_id=1,
        frames=np.arange(6),
        landmarks=random.normal(100, 20, (6, 33, 3)).astype(np.float32),
        bbox=random.normal(100, 20, (6, 4)).astype(np.float32),
        presence=np.ones(6, np.float32),
    )
    points = random.normal(100, 20, (8, 2))
    background = [
        BackgroundMatch(0.0, 0, None, None, 12),
        BackgroundMatch(0.1, 0, points, points + 1, 12),
    ]
    edges = [LineLook(0.0, random.normal(100, 20, (5, 2, 2)))]
    return TrackingResult(np.arange(6) / 30, [track], background, None, edges)


def _track_files() -> list[bytes]:
    from core_model.tracking.track_cache import save_tracks

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tracks.npz"
        save_tracks(path, _PART, _found())
        return [path.read_bytes()]


def _tracks() -> list[Any]:
    return [dict(np.load(io.BytesIO(each))) for each in _track_files()]


_PART = {"path": "/clips/a.mp4", "bytes": 1, "changed": 2, "start": 0.0, "end": None}


def _read_tracks(path: Path) -> object:
    from core_model.tracking.track_cache import load_tracks

    return load_tracks(path, _PART)


def _corrections() -> list[Any]:
    from core_model.corrections.entries import entries_of
    from core_model.corrections.file import CORRECTIONS_FORMAT
    from tests.core_model.corrections.test_file import ALL

    return [json.loads(json.dumps({"format": CORRECTIONS_FORMAT, **entries_of(ALL)}))]


def _read_corrections(path: Path) -> object:
    from core_model.corrections.file import load_corrections, save_corrections

    # What was read can be written, and is read again.
    save_corrections(path, load_corrections(path))
    return load_corrections(path)


def _parts() -> list[Any]:
    about = {"clip": "a.mp4"}
    return [{"about": about, "parts": [[0, 9, 6], [6, 9, 14]], "whole": True, "warnings": ["x"]}]


def _read_parts(path: Path) -> object:
    from core_model.parts.kept import Kept, Part
    from core_model.tracking.track_cache import save_tracks

    path.rename(path.with_name("parts.json"))
    for number, part in enumerate(_parts()[0]["parts"]):
        name = f"people_{number:04d}.npz"
        save_tracks(path.with_name(name), asdict(Part(*part)), _found())
    with Kept(path.parent, {"clip": "a.mp4"}) as kept:
        return list(kept.matches())


TARGETS = {
    "takes": Target(".npz", _takes, _read_take, Structured(as_npz, ODD_MEMBERS)),
    "takes, bytes": Target(".npz", _take_files, _read_take, Guided()),
    "capture.json": Target(".json", _summaries, _read_summary, Structured(as_json)),
    "corrections": Target(".json", _corrections, _read_corrections, Structured(as_json)),
    "parts of a capture": Target(".json", _parts, _read_parts, Structured(as_json)),
    "what was tracked": Target(".npz", _tracks, _read_tracks, Structured(as_npz, ODD_MEMBERS)),
    "what was tracked, bytes": Target(".npz", _track_files, _read_tracks, Guided()),
}
