"""Single pictures of a clip by their numbers, read no further than they are needed."""

from collections.abc import Generator, Iterable

import numpy as np

from core_model.errors import VideoError
from core_model.video.clip import Frame, Video
from core_model.video.prefetch import prefetched

_FAR = 4.0  # seconds ahead from which on a clip is opened anew rather than read on
_SAME = 1e-4  # seconds


class Pictures:
    """Gives pictures of a clip, asked for in their order.

    Parameters
    ----------
    frames : iterable of Frame
        The clip from its first frame, to be read at most once. A `Video` is opened anew, and what
        lies far between two pictures is left out.
    times : (T,)
        Seconds of all frames.
    """

    def __init__(self, frames: Iterable[Frame], times: np.ndarray) -> None:
        self._frames, self._times = frames, times
        self._stream: Generator[Frame, None, None] | None = None
        self._next = 0  # number of the next frame that the stream gives
        self._image: np.ndarray = np.empty((0, 0, 3), np.uint8)

    def image(self, number: int) -> np.ndarray:
        """Return a picture (H, W, 3); its number is not lower than that of the last one.

        Raises
        ------
        VideoError
            When the clip cannot be read so far again.
        """
        if self._stream is not None and number == self._next - 1:
            return self._image
        if not self._lies_ahead(number):
            self._begin_at(number)
        assert self._stream is not None
        for frame in self._stream:
            self._image = frame.image
            self._next += 1
            if self._next > number:
                return self._image
        raise VideoError("The clip ends earlier than when it was read before.")

    def close(self) -> None:
        """Stop reading."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def _lies_ahead(self, number: int) -> bool:
        """Tell whether the stream soon comes to a picture."""
        if self._stream is None:
            return False
        ahead = float(self._times[number] - self._times[self._next - 1]) if self._next else 0.0
        return not isinstance(self._frames, Video) or ahead < _FAR

    def _begin_at(self, number: int) -> None:
        self.close()
        if not isinstance(self._frames, Video):
            self._stream, self._next = prefetched(self._frames), 0
            return
        if self._times[number] - self._times[0] >= _FAR:
            begun = self._frames.since(float(self._times[number]))
            first = next(iter(begun), None)
            # A file that cannot be sought in to the picture is read from its front.
            if first is not None and abs(first.time - self._times[number]) < _SAME:
                self._stream, self._next = prefetched(begun), number
                return
        self._stream = prefetched(self._frames.since(float(self._times[0])))
        self._next = 0
