"""A clip on its way through the pipeline."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import torch

from core_model.body.model import Body
from core_model.geometry.camera import Camera
from core_model.hands.pipeline import ObservedHands, observe_hands
from core_model.lifting.figure import Figure
from core_model.network import INTNetwork
from core_model.options import CaptureOptions
from core_model.progress import Clock, Progress, silent
from core_model.take import Take
from core_model.tracking.background import BackgroundMatch
from core_model.tracking.hand_looks import HandLooks
from core_model.tracking.line_segments import LineLook
from core_model.tracking.track_people import TrackingResult
from core_model.tracking.tracks import Track
from core_model.video.clip import Frame, Video
from core_model.world.camera_motion import STILL, CameraMotion
from core_model.world.manhattan import ManhattanFrame


class ObserveHands(Protocol):
    """What looks for hands: `core_model.hands.pipeline.observe_hands`, or one that remembers."""

    def __call__(
        self,
        tracks: Sequence[Track],
        frames: Iterable[Frame],
        times: np.ndarray,
        progress: Callable[[int, int], None] = ...,
        looks: HandLooks | None = ...,
        quality: str = ...,
    ) -> ObservedHands:
        """Look for the hands of people, where that was not done before."""


@dataclass
class Work:
    """A clip on its way through the stages: what is given, and what is known so far.

    Parameters
    ----------
    video : Video
    camera : Camera
        Its focal length is mended where turning, or straight edges, tell it.
    network : INTNetwork
        On `device`.
    device : torch.device
    body : Body
    options : CaptureOptions
    weights_sha256 : str
        Hash of the weights' file.
    progress : Progress
    clock : Clock
    observe_hands : ObserveHands
    times : (T,)
        Seconds of all frames of the clip.
    tracks : list of Track
        Of those who are captured, shot by shot, the most important person first; given from the
        start, nobody is tracked again.
    background : list of BackgroundMatch
        At what lies behind the people.
    edges : list of LineLook
        Straight edges there.
    looks : HandLooks or None
        What was seen of hands while the people were followed; None where nobody looked then.
    cuts : list of float
        Seconds of the first frame of every shot but the first.
    shot : int
        Which shot of a clip that was cut this is, from 1; 0 for a whole clip.
    people_before : int
        How many people earlier shots have.
    motion : CameraMotion
    room : ManhattanFrame or None
        What most edges run along, before a camera that stands still; None where that is not known.
    focal_told_by : str
        What told the focal length: "given", "found" by turning, "edges", the "clip" itself,
        "assumed".
    focal_spread : float
        Standard deviation of its logarithm, where edges told it.
    hands : ObservedHands or None
        None where nobody looked for them.
    figures : list of Figure
    takes : list of Take
    warnings : list of str
        What the user should know, in sentences.
    """

    video: Video
    camera: Camera
    network: INTNetwork
    device: torch.device
    body: Body
    options: CaptureOptions = CaptureOptions()
    weights_sha256: str = ""
    progress: Progress = silent
    clock: Clock = field(default_factory=Clock)
    observe_hands: ObserveHands = observe_hands
    times: np.ndarray = field(default_factory=lambda: np.empty(0))
    tracks: list[Track] = field(default_factory=list)
    background: list[BackgroundMatch] = field(default_factory=list)
    edges: list[LineLook] = field(default_factory=list)
    looks: HandLooks | None = None
    cuts: list[float] = field(default_factory=list)
    shot: int = 0
    people_before: int = 0
    motion: CameraMotion = STILL
    room: ManhattanFrame | None = None
    focal_told_by: str = ""
    focal_spread: float = 0.0
    hands: ObservedHands | None = None
    figures: list[Figure] = field(default_factory=list)
    takes: list[Take] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.focal_told_by:
            told = "clip" if self.video.told_focal else "assumed"
            self.focal_told_by = "given" if self.options.focal else told

    def know(self, tracked: TrackingResult) -> None:
        """Take in who was found in the clip."""
        self.times, self.tracks, self.background = tracked.times, tracked.tracks, tracked.background
        self.looks, self.edges, self.cuts = tracked.looks, tracked.edges, tracked.cuts

    @property
    def from_pictures(self) -> bool:
        """Whether the network sees the pictures themselves, not landmarks."""
        return self.network.config.evidence == "image"
