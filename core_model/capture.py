"""The pipeline: a clip goes in, one Take per person comes out."""

import json
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch

from core_model import __version__
from core_model.body import Body, default_body
from core_model.camera import Camera
from core_model.checkpoints import DEFAULT_WEIGHTS_PATH, file_hash, load_weights
from core_model.devices import choose_device
from core_model.errors import MocapError, NoPersonError, OutputError
from core_model.files import replaced_when_complete
from core_model.gaps import bridged, bridged_places, stretches
from core_model.landmarks import LANDMARK_COUNT
from core_model.left_right import exchanged_frames, with_sides_restored
from core_model.lifting import lift_track
from core_model.network import INTNetwork
from core_model.people.track_cache import clip_part, load_tracks
from core_model.people.tracker import PeopleTracker
from core_model.people.tracks import Track
from core_model.placement import joint_confidence, place_in_camera
from core_model.refine import fit_to_landmarks
from core_model.rotations import matrix_to_axis_angle
from core_model.skeleton import JOINT_COUNT, forward_kinematics
from core_model.take import Take
from core_model.video import Video, open_video
from core_model.world import camera_to_world

Progress = Callable[[str, int, int | None], None]
"""Called with the stage, what is done and the total (None when not known)."""


@dataclass(frozen=True)
class CaptureOptions:
    """How to capture.

    Parameters
    ----------
    people : "all", "largest", int or tuple of int
        Everybody, the one seen largest and longest, so many of these, or those with these
        numbers, from 1, as `find_people` counts them.
    start, end : float, optional
        In and out points in seconds.
    fps : float, optional
        Frames per second of a folder of pictures.
    focal : float, optional
        Focal length in pixels; without it the longer side is taken to see 53 degrees.
    refine : bool
        Fit the motion to the landmarks after the network; slower, and much nearer to the picture.
    device : "auto", "cpu" or "cuda"
    weights : Path
        Weights of a keypoint INT.
    tracks : Path, optional
        What `find_people` saved; nobody is followed again if it is about the same part of the
        same clip.
    """

    people: str | int | tuple[int, ...] = "all"
    start: float | None = None
    end: float | None = None
    fps: float | None = None
    focal: float | None = None
    refine: bool = True
    device: str = "auto"
    weights: Path = DEFAULT_WEIGHTS_PATH
    tracks: Path | None = None


@dataclass
class Figure:
    """One person on the way from a track to a Take; T frames from first to last sight.

    Parameters
    ----------
    first : int
        Index of the first frame in the clip.
    seen : (T,) bool
    landmarks : (T, 33, 3)
        Pixels and visibility; zeros where not seen.
    bbox : (T, 4)
        Pixels.
    rotations : (T, 24, 3, 3)
        Joint 0 turns SMPL space to camera space.
    betas : (10,)
    pelvis : (T, 3)
        Metres, camera space.
    """

    first: int
    seen: np.ndarray
    landmarks: np.ndarray
    bbox: np.ndarray
    rotations: np.ndarray
    betas: np.ndarray
    pelvis: np.ndarray


@dataclass
class Clock:
    """Seconds spent in each stage."""

    seconds: dict[str, float] = field(default_factory=dict)
    _since: float = field(default_factory=time.perf_counter)

    def lap(self, stage: str) -> None:
        """Count the time since the last lap to a stage."""
        now = time.perf_counter()
        self.seconds[stage] = self.seconds.get(stage, 0.0) + now - self._since
        self._since = now


def capture(
    video_path: str | Path,
    folder: str | Path,
    options: CaptureOptions = CaptureOptions(),  # noqa: B008 - immutable
    progress: Progress = lambda stage, done, total: None,
) -> list[Take]:
    """Capture the people of a clip into `folder`: `person_01.npz`, ... and `capture.json`.

    What an earlier capture left in the folder is replaced, once everything is done.

    Raises
    ------
    VideoError
        When the clip cannot be read.
    NoPersonError
        When nobody is in it; nothing is written then.
    OutputError
        When the folder cannot be written; found out before the work begins.
    MocapError
        When an option makes no sense.
    """
    folder = Path(folder)
    _check_people(options.people)
    with _prepared(folder) as scratch:
        clock = Clock()
        device = choose_device(options.device)
        network = load_weights(options.weights).to(device)
        video = open_video(video_path, options.start, options.end, options.fps)
        camera = Camera.assumed(video.width, video.height, options.focal)
        clock.lap("load")
        part = clip_part(video_path, options.start, options.end, options.fps)
        followed = load_tracks(options.tracks, part) if options.tracks else None
        times, tracks = followed or follow_people(video, progress, clock)
        if not tracks:
            raise NoPersonError(f"Nobody was found in {Path(video_path).name}.")
        wanted = _wanted(tracks, options.people)
        figures = []
        for number, track in enumerate(wanted, start=1):
            figure = lift(track, times, camera, network, device)
            clock.lap("network")
            if options.refine:
                refine(figure, times, camera, device)
                clock.lap("fit")
            figures.append(figure)
            progress("lifting", number, len(wanted))
        takes = into_world(figures, times, camera, _source(video, options))
        clock.lap("world")
        for number, take in enumerate(takes, start=1):
            take.save(scratch / f"person_{number:02d}.npz")
        clock.lap("write")
        _write_summary(scratch / "capture.json", takes, video, clock.seconds)
        _replace_results(scratch, folder)
    return takes


def follow_people(video: Video, progress: Progress, clock: Clock) -> tuple[np.ndarray, list[Track]]:
    """Read the clip once; return the times (T,) of its frames and who was in it."""
    tracker = PeopleTracker(video.width, video.height)
    times: list[float] = []
    for frame in video:
        clock.lap("decode")
        tracker.update(frame)
        clock.lap("people")
        times.append(frame.time)
        progress("people", len(times), video.frame_count)
    tracks = tracker.finish()
    clock.lap("people")
    return np.array(times), tracks


def lift(
    track: Track,
    times: np.ndarray,
    camera: Camera,
    network: INTNetwork,
    device: torch.device,
    body: Body | None = None,
) -> Figure:
    """Turn the landmarks of one track into rotations and a place before the camera.

    Each stretch between long gaps is lifted on its own; the shape is that of all of them.
    """
    body = body or default_body()
    first, last = int(track.frames[0]), int(track.frames[-1])
    count = last - first + 1
    figure = Figure(
        first=first,
        seen=np.isin(np.arange(first, last + 1), track.frames),
        landmarks=np.zeros((count, LANDMARK_COUNT, 3)),
        bbox=np.zeros((count, 4)),
        rotations=np.tile(np.eye(3), (count, JOINT_COUNT, 1, 1)),
        betas=np.zeros(10),
        pelvis=np.zeros((count, 3)),
    )
    exchanged = exchanged_frames(track.landmarks, times[track.frames])
    figure.landmarks[figure.seen] = with_sides_restored(track.landmarks, exchanged)
    figure.bbox[figure.seen] = track.bbox
    lengths, shapes = [], []
    for frames in stretches(track.frames, times):
        inside = slice(frames[0] - first, frames[-1] - first + 1)
        landmarks = bridged(frames, figure.landmarks[frames - first], times)
        lifted = lift_track(network, landmarks, times[frames[0] : frames[-1] + 1], camera, device)
        figure.rotations[inside] = lifted.rotations
        shapes.append(lifted.betas)
        lengths.append(len(frames))
    figure.betas = np.average(shapes, axis=0, weights=lengths)
    figure.pelvis, solved = place_in_camera(
        figure.rotations, figure.betas, figure.landmarks, camera, body
    )
    figure.seen &= solved
    return figure


def refine(
    figure: Figure,
    times: np.ndarray,
    camera: Camera,
    device: torch.device,
    body: Body | None = None,
) -> None:
    """Fit a figure's motion to its landmarks, in place; each stretch between long gaps alone."""
    body = body or default_body()
    shapes, lengths = [], []
    for frames in stretches(figure.first + np.flatnonzero(figure.seen), times):
        inside = slice(frames[0] - figure.first, frames[-1] - figure.first + 1)
        landmarks = bridged(frames, figure.landmarks[frames - figure.first], times)
        fitted = fit_to_landmarks(
            figure.rotations[inside],
            bridged_places(frames - frames[0], figure.pelvis[frames - figure.first]),
            figure.betas,
            landmarks,
            times[frames[0] : frames[-1] + 1],
            camera,
            body,
            device,
        )
        figure.rotations[inside] = fitted.rotations
        figure.pelvis[inside] = fitted.pelvis
        shapes.append(fitted.betas)
        lengths.append(len(frames))
    if shapes:
        figure.betas = np.average(shapes, axis=0, weights=lengths)


def into_world(
    figures: list[Figure], times: np.ndarray, camera: Camera, source: dict[str, object]
) -> list[Take]:
    """Put figures from camera space onto the floor of one world, as Takes.

    Raises
    ------
    NoPersonError
        When no figure could be placed before the camera.
    """
    figures = [figure for figure in figures if figure.seen.any()]
    if not figures:
        raise NoPersonError("The people in the clip could not be placed before the camera.")
    body = default_body()
    joints = []
    for figure in figures:
        placed, _ = forward_kinematics(figure.rotations, body.rest_joints(figure.betas))
        joints.append((placed - placed[:, :1] + figure.pelvis[:, None])[figure.seen])
    camera = Camera(camera.focal, camera.center, camera.size, camera_to_world(joints))
    return [_take(figure, times, camera, body, source) for figure in figures]


def _take(
    figure: Figure, times: np.ndarray, camera: Camera, body: Body, source: dict[str, object]
) -> Take:
    nearest = _nearest_seen(figure.seen)
    rotations = figure.rotations[nearest].copy()
    rotations[:, 0] = camera.to_world[:3, :3] @ rotations[:, 0]
    pelvis = camera.camera_to_world(figure.pelvis[nearest])
    confidence = joint_confidence(figure.landmarks[..., 2])
    confidence[~figure.seen] = 0
    return Take(
        poses=matrix_to_axis_angle(rotations).reshape(len(rotations), -1),
        trans=pelvis - body.rest_joints(figure.betas)[0],
        betas=figure.betas,
        times=times[figure.first : figure.first + len(rotations)],
        confidence=confidence,
        keypoints2d=figure.landmarks,
        bbox=figure.bbox,
        frame_valid=figure.seen,
        camera=camera,
        source=source,
    )


def _nearest_seen(seen: np.ndarray) -> np.ndarray:
    """Return for every frame the index (T,) of the nearest frame with a sight of the person."""
    known = np.flatnonzero(seen)
    after = np.searchsorted(known, np.arange(len(seen))).clip(max=len(known) - 1)
    before = np.maximum(after - 1, 0)
    moments = np.arange(len(seen))
    closer = np.abs(known[before] - moments) <= np.abs(known[after] - moments)
    return np.where(closer, known[before], known[after])


def _check_people(people: str | int | tuple[int, ...]) -> None:
    numbers = (people,) if isinstance(people, int) else people
    if people in ("all", "largest") or (
        isinstance(numbers, tuple) and numbers and all(number > 0 for number in numbers)
    ):
        return
    raise MocapError(f"'{people}' is no choice of people; use all, largest or a number from 1.")


def _wanted(tracks: list[Track], people: str | int | tuple[int, ...]) -> list[Track]:
    if isinstance(people, tuple):
        missing = [number for number in people if number > len(tracks)]
        if missing:
            raise MocapError(f"There is no person {missing[0]}: {len(tracks)} were found.")
        return [tracks[number - 1] for number in people]
    if people == "largest":
        people = 1
    return tracks[:people] if isinstance(people, int) else tracks


def _source(video: Video, options: CaptureOptions) -> dict[str, object]:
    return {
        "video": str(video.path.resolve()),
        "model": "INT, keypoint evidence",
        "weights_sha256": file_hash(options.weights),
        "version": __version__,
        "focal": "given" if options.focal else "assumed",
    }


class _prepared:  # noqa: N801 - used as a function
    """A scratch folder inside the target, which is made first and taken away if left empty."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: list[Path] = []

    def __enter__(self) -> Path:
        self.made = [p for p in (self.folder, *self.folder.parents) if not p.exists()]
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.scratch = Path(tempfile.mkdtemp(prefix=".capture-", dir=self.folder))
        except OSError as error:
            raise OutputError(
                f"Cannot write to the folder {self.folder}: {error.strerror}."
            ) from error
        return self.scratch

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.scratch, ignore_errors=True)
        for folder in self.made:
            if not any(folder.iterdir()):
                folder.rmdir()


def _replace_results(scratch: Path, folder: Path) -> None:
    new = sorted(scratch.iterdir())
    stale = {path.name for path in folder.glob("person_*.npz")} - {path.name for path in new}
    for path in new:
        path.replace(folder / path.name)
    for name in stale:
        (folder / name).unlink()


def _write_summary(path: Path, takes: list[Take], video: Video, seconds: dict[str, float]) -> None:
    summary = {
        "format": "int-mocap-capture-1",
        "version": __version__,
        "video": str(video.path.resolve()),
        "size": [video.width, video.height],
        "frame_rate": video.frame_rate,
        "warnings": video.warnings,
        "people": [
            {
                "file": f"person_{number:02d}.npz",
                "start": float(take.times[0]),
                "end": float(take.times[-1]),
                "frames": len(take),
                "seen": int(take.frame_valid.sum()),
                "confidence": round(float(take.confidence[take.frame_valid].mean()), 3),
            }
            for number, take in enumerate(takes, start=1)
        ],
        "stages": {stage: round(value, 3) for stage, value in seconds.items()},
    }
    with replaced_when_complete(path) as temporary:
        temporary.write_text(json.dumps(summary, indent=2) + "\n")
