"""The pipeline: a clip goes in, one Take per person comes out."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from core_model import __version__
from core_model.background import Background, Look
from core_model.body import Body, default_body, load_body
from core_model.camera import Camera
from core_model.camera_motion import STILL, CameraMotion, camera_motion
from core_model.capture_folder import save_capture, scratch_folder
from core_model.checkpoints import DEFAULT_WEIGHTS_PATH, file_hash, load_int_checkpoint
from core_model.common_floor import size_factors
from core_model.confidence import joint_confidence
from core_model.devices import choose_device
from core_model.errors import AssetError, MocapError, NoPersonError
from core_model.figures import Figure, lift_crops, lift_landmarks, with_sides_right
from core_model.fingers import HandMotion
from core_model.gravity import find_up
from core_model.hands.people import give_hands, see_hands
from core_model.network import INTNetwork
from core_model.network.inference import prepare_for_inference
from core_model.people.track_cache import clip_part, load_tracks
from core_model.people.tracker import PeopleTracker
from core_model.people.tracks import Track
from core_model.rotations import matrix_to_axis_angle
from core_model.skeleton import forward_kinematics
from core_model.stature import check_height, set_stature, stature
from core_model.steadying import refine_steadied, turned
from core_model.take import Take
from core_model.video import Video, open_video
from core_model.windows import LONGEST_WINDOW
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
    height : float, optional
        Of the first person, metres; it sets the scale of everything. Without it that person is as
        tall as people of those proportions are on average.
    refine : bool, optional
        Fit the motion to the landmarks after the network; slower, and much nearer to the picture.
        If not given, what the keypoint INT says is refined and what the image INT says is not.
    hands : bool
        Look for hands where they are large enough: wrists and fingers move as they do.
    device : "auto", "cpu" or "cuda"
    weights : Path
        Weights of ours, or a checkpoint of the image INT.
    window : int, optional
        Frames that an image INT sees together; as many as it was made for if not given.
    half : bool
        Let an image INT calculate in half precision: faster on newer processors and on graphics
        cards, and joints turn by 0.3 degrees on average.
    body : Path, optional
        An SMPL file to be used as the body, for non-commercial research only; else our own body.
    tracks : Path, optional
        What `find_people` saved; nobody is followed again if it is about the same part of the
        same clip.
    """

    people: str | int | tuple[int, ...] = "all"
    start: float | None = None
    end: float | None = None
    fps: float | None = None
    focal: float | None = None
    height: float | None = None
    refine: bool | None = None
    hands: bool = True
    device: str = "auto"
    weights: Path = DEFAULT_WEIGHTS_PATH
    window: int | None = None
    half: bool = False
    body: Path | None = None
    tracks: Path | None = None


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
    options: CaptureOptions = CaptureOptions(),
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
    check_height(options.height)
    if options.window is not None and not 1 <= options.window <= LONGEST_WINDOW:
        raise MocapError(f"A window has 1 to {LONGEST_WINDOW} frames, not {options.window}.")
    with scratch_folder(folder) as scratch:
        clock = Clock()
        device = choose_device(options.device)
        network = prepare_for_inference(
            load_int_checkpoint(options.weights).to(device), options.half
        )
        from_pictures = network.config.evidence == "image"
        body = _body(options.body)
        video = open_video(video_path, options.start, options.end, options.fps)
        camera = Camera.assumed(video.width, video.height, options.focal)
        clock.lap("load")
        part = clip_part(video_path, options.start, options.end, options.fps)
        followed = load_tracks(options.tracks, part) if options.tracks else None
        times, tracks, looks = followed or follow_people(video, progress, clock)
        if not tracks:
            raise NoPersonError(f"Nobody was found in {Path(video_path).name}.")
        wanted = _wanted(tracks, options.people)
        motion = camera_motion(looks, times, camera, focal_known=options.focal is not None)
        if motion.focal:
            camera = replace(camera, focal=motion.focal)
        warnings = list(motion.warnings)
        clock.lap("background")
        wanted = [with_sides_right(track, times, camera, network, device, body) for track in wanted]
        seen_hands = None
        if options.hands:
            seen_hands = see_hands(
                wanted, video, times, lambda done, total: progress("hands", done, total)
            )
            wanted = seen_hands.tracks
            clock.lap("hands")
        if from_pictures:
            figures = lift_crops(
                wanted,
                video,
                times,
                camera,
                network,
                device,
                body,
                window=options.window,
                progress=lambda done, total: progress("network", done, total),
                warn=warnings.append,
            )
        else:
            figures = [
                lift_landmarks(track, times, camera, network, device, body) for track in wanted
            ]
        if options.height:
            set_stature(figures[0], body, options.height)
        clock.lap("network")
        if options.refine or (options.refine is None and not from_pictures):
            for number, figure in enumerate(figures, start=1):
                refine_steadied(figure, motion.of(figure), times, camera, device, body)
                progress("fit", number, len(figures))
            clock.lap("fit")
        if seen_hands:
            give_hands(figures, seen_hands, times, camera, body)
            clock.lap("hands")
        if options.height:
            # The fit changes the proportions, and with them how tall a body is.
            set_stature(figures[0], body, options.height)
        source = _source(video, options, network, motion)
        takes = into_world(figures, times, camera, body, source, motion)
        clock.lap("world")
        save_capture(folder, scratch, takes, video, video.warnings + warnings, clock.seconds)
    return takes


def follow_people(
    video: Video, progress: Progress, clock: Clock
) -> tuple[np.ndarray, list[Track], list[Look]]:
    """Read the clip once; return the times (T,) of its frames, who was in it, and what was behind.

    From what lies behind the people `camera_motion` tells how the camera moved.
    """
    tracker = PeopleTracker(video.width, video.height)
    background = Background(video.width, video.height)
    times: list[float] = []
    for frame in video:
        clock.lap("decode")
        seen = tracker.update(frame)
        clock.lap("people")
        background.update(frame, [each.bbox for each in seen])
        clock.lap("background")
        times.append(frame.time)
        progress("people", len(times), video.frame_count)
    tracks = tracker.finish()
    clock.lap("people")
    return np.array(times), tracks, background.looks


def into_world(
    figures: list[Figure],
    times: np.ndarray,
    camera: Camera,
    body: Body,
    source: dict[str, object],
    motion: CameraMotion = STILL,
) -> list[Take]:
    """Put figures from camera space onto the floor of one world, as Takes.

    If the camera turned, the camera space of a take is that of a camera that stands still.

    Raises
    ------
    NoPersonError
        When no figure could be placed before the camera.
    """
    figures = [figure for figure in figures if figure.seen.any()]
    # As seen by the camera that filmed them, before its turning is taken out.
    confidences = [_confidence(figure, times, camera, body) for figure in figures]
    turns = [motion.of(figure) for figure in figures]
    figures = [
        replace(figure) if turn is None else turned(figure, turn)
        for figure, turn in zip(figures, turns, strict=True)
    ]
    if not figures:
        raise NoPersonError("The people in the clip could not be placed before the camera.")
    moments = [times[figure.first + np.flatnonzero(figure.seen)] for figure in figures]
    joints = [_joints(figure, body) for figure in figures]
    up = find_up(joints, moments)
    for figure, factor in zip(figures, size_factors(joints, moments, up), strict=True):
        if factor != 1:
            set_stature(figure, body, factor * stature(body, figure.betas))
    joints = [_joints(figure, body) for figure in figures]
    camera = replace(camera, to_world=camera_to_world(joints, moments, up))
    return [
        _take(figure, times, camera, body, source, turn, confidence)
        for figure, turn, confidence in zip(figures, turns, confidences, strict=True)
    ]


def _confidence(figure: Figure, times: np.ndarray, camera: Camera, body: Body) -> np.ndarray:
    """Return how sure each joint is (T, 24); 0 in frames without a sight."""
    own = times[figure.first : figure.first + len(figure.seen)]
    sure = joint_confidence(
        figure.rotations, figure.betas, figure.pelvis, figure.landmarks, own, camera, body
    )
    return np.where(figure.seen[:, None], sure, 0.0)


def _joints(figure: Figure, body: Body) -> np.ndarray:
    """Return the joints (N, 24, 3) of the seen frames, metres, camera space."""
    placed, _ = forward_kinematics(figure.rotations, body.rest_joints(figure.betas))
    return np.asarray((placed - placed[:, :1] + figure.pelvis[:, None])[figure.seen])


def _take(
    figure: Figure,
    times: np.ndarray,
    camera: Camera,
    body: Body,
    source: dict[str, object],
    turns: np.ndarray | None,
    confidence: np.ndarray,
) -> Take:
    nearest = _nearest_seen(figure.seen)
    rotations = figure.rotations[nearest].copy()
    rotations[:, 0] = camera.to_world[:3, :3] @ rotations[:, 0]
    pelvis = camera.camera_to_world(figure.pelvis[nearest])
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
        camera_turns=np.empty(0) if turns is None else turns,
        source=source,
        poses_hands=_finger_poses(figure.hands, nearest),
        confidence_hands=figure.hands.confidence * figure.seen[:, None]
        if figure.hands
        else np.empty(0),
    )


def _finger_poses(hands: HandMotion | None, nearest: np.ndarray) -> np.ndarray | None:
    if hands is None:
        return None
    return np.asarray(matrix_to_axis_angle(hands.fingers[nearest]).reshape(len(nearest), -1))


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


def _body(path: Path | None) -> Body:
    body = load_body(path) if path else default_body()
    if body.landmark_regressor is None:
        raise AssetError(f"{path} is not SMPL's own mesh: nobody knows where its landmarks are.")
    return body


def _source(
    video: Video, options: CaptureOptions, network: INTNetwork, motion: CameraMotion
) -> dict[str, object]:
    focal = "given" if options.focal else "found" if motion.focal else "assumed"
    return {
        "video": str(video.path.resolve()),
        "model": f"INT, {network.config.evidence} evidence",
        "body": options.body.name if options.body else "default",
        "weights_sha256": file_hash(options.weights),
        "version": __version__,
        "focal": focal,
        "height": "given" if options.height else "assumed",
        "camera": "still" if motion.turns is None else "turning",
    }
