"""The one pass over a clip in which people are tracked, and what is behind them is looked at."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field

import numpy as np

from core_model.detection.litert import on_all_threads
from core_model.detection.people_networks import PeopleNetworks
from core_model.detection.qualities import BEST
from core_model.tracking.background import Background, BackgroundMatch
from core_model.tracking.hand_looks import HandLooks
from core_model.tracking.hands_beside import HandsBeside
from core_model.tracking.line_segments import LineLook
from core_model.tracking.repeated import Repeats, between_repeats
from core_model.tracking.steadied import Steadied
from core_model.tracking.tracker import PeopleTracker
from core_model.tracking.tracks import Observation, Track
from core_model.video.clip import Frame, Video
from core_model.video.cuts import Cuts
from core_model.video.light import in_light
from core_model.video.prefetch import prefetched


@dataclass(frozen=True)
class TrackingResult:
    """What the pass over a clip of T frames found.

    Parameters
    ----------
    times : (T,)
        Seconds.
    tracks : list of Track
        Shot by shot; of each the most important person first.
    background : list of BackgroundMatch
        What lies behind the people, from which `camera_motion` tells how the camera moved.
    looks : HandLooks or None
        What was seen of their hands; None where nobody looked.
    edges : list of LineLook
        Straight edges behind the people, from which `find_manhattan_frame` tells the lens and up.
    cuts : list of float
        Seconds of the first frame of every shot but the first.
    """

    times: np.ndarray
    tracks: list[Track]
    background: list[BackgroundMatch]
    looks: HandLooks | None = None
    edges: list[LineLook] = field(default_factory=list)
    cuts: list[float] = field(default_factory=list)


class Following:
    """People who are being followed from a frame of a clip on, and their hands.

    Parameters
    ----------
    video : Video
    networks : PeopleNetworks
    hands : HandsBeside or None
        What looks at hands meanwhile; None where nobody is to.
    first : int
        Number of the first frame in the clip.
    """

    def __init__(
        self, video: Video, networks: PeopleNetworks, hands: HandsBeside | None, first: int = 0
    ) -> None:
        self._tracker = PeopleTracker(video.width, video.height, networks=networks)
        self._hands = hands and (hands, hands.of_part())
        self.first, self.sights = first, 0
        self.times: list[float] = []
        self._repeats = Repeats()

    @property
    def end(self) -> int:
        """The frame of the clip after the last so far."""
        return self.first + len(self.times)

    def update(
        self, frame: Frame, anew: bool, lap: Callable[[str], None] = lambda task: None
    ) -> list[Observation]:
        """Find everybody in the next frame, and have their hands looked at.

        Parameters
        ----------
        frame : Frame
        anew : bool
            Whether this may be the first frame of a shot.
        lap : callable
        """
        self._repeats.see(frame.image)
        seen = self._tracker.update(frame, anew, self._repeats.again)
        lap("people")
        if self._hands:
            hands, own = self._hands
            hands.see(own, len(self.times), frame, seen)
            lap("hands")
        self.times.append(frame.time)
        self.sights += len(seen)
        return seen

    def finish(
        self,
        background: Background,
        cuts: Cuts,
        lap: Callable[[str], None] = lambda task: None,
    ) -> TrackingResult:
        """End with the last frame; return who was seen, and the matches of the background."""
        cut_at = [time for time in cuts.found if self.times[0] < time <= self.times[-1]]
        matches, edges = background.take_out(), background.edges.take_out()
        lap("background")
        steadied = Steadied(matches, background.looks - len(matches))
        times, repeated = np.array(self.times), self._repeats.found
        tracks = [
            between_repeats(track, repeated, times)
            for track in self._tracker.finish(steadied, cut_at)
        ]
        lap("people")
        looks = None
        if self._hands:
            hands, own = self._hands
            hands.finish()
            looks = own.looks
            lap("hands")
        return TrackingResult(times, tracks, matches, looks, edges, cut_at)


def track_people(
    video: Video,
    progress: Callable[[int, int | None, Sequence[Observation]], None] = lambda done, total, seen: (
        None
    ),
    lap: Callable[[str], None] = lambda task: None,
    quality: str = BEST,
    hands: HandsBeside | None = None,
) -> TrackingResult:
    """Read a clip once and follow everybody in it.

    Parameters
    ----------
    video : Video
    progress : callable
        Is told how many frames are done, of how many (None when not known), and who was seen in
        the last.
    lap : callable
        Is told what the time since the last call was spent on.
    quality : str
        One of `core_model.detection.qualities.MODELS`.
    hands : HandsBeside, optional
        What looks at hands meanwhile.

    Raises
    ------
    VideoError
        When the clip cannot be read.
    """
    networks = PeopleNetworks.load(quality, hands.threads if hands else on_all_threads)
    following = Following(video, networks, hands)
    background, cuts = Background(video.width, video.height), Cuts()
    with closing(prefetched(in_light(video))) as frames:
        for frame in frames:
            lap("decode")
            anew = cuts.see(frame.time, frame.image)
            seen = following.update(frame, anew, lap)
            background.update(frame, [each.bbox for each in seen], anew)
            lap("background")
            progress(following.end, video.frame_count, seen)
    return following.finish(background, cuts, lap)
