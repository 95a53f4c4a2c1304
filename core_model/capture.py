"""The pipeline: a clip goes in, one Take per person comes out."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from core_model import __version__
from core_model.body.model import Body, default_body, load_body
from core_model.capture_folder import save_capture, scratch_folder
from core_model.errors import AssetError, MocapError, NoPersonError
from core_model.fit.stature import check_height, set_stature
from core_model.fit.steadying import refine_steadied
from core_model.geometry.camera import Camera
from core_model.hands.pipeline import give_hands, see_hands
from core_model.lifting.lift import lift_crops, lift_landmarks, with_sides_right
from core_model.lifting.windows import LONGEST_WINDOW
from core_model.network import INTNetwork
from core_model.network.checkpoints import DEFAULT_WEIGHTS_PATH, file_hash, load_int_checkpoint
from core_model.network.devices import choose_device
from core_model.network.inference import prepare_for_inference
from core_model.take import Take
from core_model.tracking.background import Background, Look
from core_model.tracking.track_cache import clip_part, load_tracks
from core_model.tracking.tracker import PeopleTracker
from core_model.tracking.tracks import Track
from core_model.video.clip import Video, open_video
from core_model.world.camera_motion import CameraMotion, camera_motion
from core_model.world.to_takes import into_world

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
