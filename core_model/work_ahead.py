"""What the people of a clip make to do, known from the first frames on."""

from collections.abc import Sequence

import numpy as np

from core_model.fit.optimise import chunk_count
from core_model.options import CaptureOptions
from core_model.tracking.hand_tracker import hands_to_look_at, share_looked_at
from core_model.tracking.left_right import exchanged_frames
from core_model.tracking.tracks import Track

_OF_CHUNK = 100
"""Frames whose fit takes as long as what every chunk takes beside its frames."""

_CHUNKS = 1 / 200
"""Chunks for each frame of a person, before it is known how long anybody is seen."""

_OFTEN_EXCHANGED = 0.3
"""How often left and right are doubted, before it is known."""


class WorkAhead:
    """Counts the work of the stages after tracking, while people are tracked.

    Parameters
    ----------
    options : CaptureOptions
    rate : float
        Frames per second of the clip.
    fitted : bool
        Whether the figures will be fitted to their landmarks.
    copied : bool
        Whether the clip has to be copied for Blender.
    """

    def __init__(self, options: CaptureOptions, rate: float, fitted: bool, copied: bool) -> None:
        self._options, self._fitted, self._copied = options, fitted, copied
        self._looked = share_looked_at(rate)
        self._frames = self._sights = self._hands = 0
        self._doubted = self._chunks = 0.0

    def see(self, people: Sequence[np.ndarray]) -> None:
        """Take in the landmarks (33, 3) of everybody in the next frame."""
        most = _most_people(self._options)
        if most is not None:
            people = sorted(people, key=_height, reverse=True)[:most]
        self._frames += 1
        self._sights += len(people)
        self._hands += sum(map(hands_to_look_at, people))
        self._doubted, self._chunks = _OFTEN_EXCHANGED * self._sights, _CHUNKS * self._sights

    def know(self, times: np.ndarray, tracks: Sequence[Track]) -> None:
        """Take what is certain instead.

        Parameters
        ----------
        times : (T,)
            Seconds of all frames of the clip.
        tracks : sequence of Track
            Of those who are captured.
        """
        self._frames = len(times)
        self._sights = sum(len(track.frames) for track in tracks)
        self._hands = sum(hands_to_look_at(body) for track in tracks for body in track.landmarks)
        self._doubted = sum(
            len(track.frames)
            for track in tracks
            if exchanged_frames(track.landmarks, times[track.frames]).any()
        )
        self._chunks = sum(chunk_count(len(track.frames)) for track in tracks)

    @property
    def amounts(self) -> dict[str, int]:
        """Frames of one person for each stage that there will be; of the clip for `copy`.

        For `hands`, looks at a single hand.
        """
        amounts = {"sides": self._doubted, "network": self._sights}
        if self._options.hands:
            amounts["hands"] = self._looked * self._hands
        if self._fitted:
            amounts["fit"] = self._sights + _OF_CHUNK * self._chunks
        if self._copied:
            amounts["copy"] = self._frames
        return {stage: round(amount) for stage, amount in amounts.items()}


def _most_people(options: CaptureOptions) -> int | None:
    if options.people == "all":
        return None
    if options.people == "largest":
        return 1
    return options.people if isinstance(options.people, int) else len(options.people)


def _height(landmarks: np.ndarray) -> float:
    return float(np.ptp(landmarks[:, 1]))
