"""Whether people who look alike stay who they are; `python -m tests.benchmarks.look_alikes`.

A walker is cut out of a real clip and put back several times, mirrored, sooner, later, faster,
further away: all wear the same clothes, pass and overtake each other, and who they are is known.
"""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from core_model.detection.detector import intersection_over_union
from core_model.detection.qualities import BEST, MODELS
from core_model.tracking.track_people import track_people
from core_model.tracking.tracks import Track
from core_model.video.clip import open_video
from tests.places import SHARED

_CLIP = SHARED / "data" / "clips" / "sports2d_demo.mp4"
_SIZE = (884, 498)
_DIFFERS = 16  # grey levels by which somebody differs from what is behind
_GROUND = 461.0  # pixels from the top: where the walker's feet are
_SAME_PLACE = 0.35  # of intersection over union of boxes
_SHORTEST = 8  # frames: whoever is taken for somebody else for less is hidden by them
_LEFT_TOP_RIGHT_BOTTOM = np.array([[1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0], [0, 0, 0, 1]])


@dataclass(frozen=True)
class Walker:
    """One of the copies.

    Parameters
    ----------
    start : float
        Frames by which the walk has gone on when the scene begins.
    speed, scale : float
        Times that of the clip.
    mirrored : bool
        Whether the walk goes from the left to the right.
    lower : float
        Pixels by which the feet are further down in the picture.
    front : bool
        Whether nobody else of the same ground hides this one.
    """

    start: float = 0.0
    speed: float = 1.0
    scale: float = 1.0
    mirrored: bool = False
    lower: float = 0.0
    front: bool = False


@dataclass(frozen=True)
class _Cutout:
    left: int
    top: int
    colours: np.ndarray
    cover: np.ndarray
    box: np.ndarray  # left, top, width, height


SCENES: dict[str, tuple[Walker, ...]] = {
    "two pass": (Walker(), Walker(mirrored=True)),
    "two pass, fast": (Walker(speed=1.5), Walker(speed=1.5, mirrored=True, front=True)),
    "one comes late": (Walker(), Walker(start=-25, mirrored=True, front=True)),
    "one behind": (Walker(), Walker(mirrored=True, scale=0.75, lower=-45)),
    "one overtakes": (Walker(start=25, speed=0.7), Walker(start=-10, speed=1.6, front=True)),
    "overtakes behind": (
        Walker(start=25, speed=0.7),
        Walker(start=-10, speed=1.6, scale=0.85, lower=-25),
    ),
    "side by side": (Walker(start=14), Walker(front=True)),
    "three": (Walker(), Walker(mirrored=True), Walker(start=-22, mirrored=True, front=True)),
    "three, two ways": (
        Walker(start=20),
        Walker(start=20, mirrored=True, front=True),
        Walker(start=-10, lower=-8),
    ),
}


def cut_out() -> tuple[dict[int, _Cutout], np.ndarray]:
    """Return the walker of the clip, by frame, and what is behind."""
    pictures = np.stack(
        [
            cv2.resize(frame.image, _SIZE, interpolation=cv2.INTER_AREA)
            for frame in open_video(_CLIP)
        ]
    )
    behind = np.median(pictures[::5], axis=0).astype(np.uint8)
    tracks = track_people(open_video(_CLIP), quality="fast").tracks
    # The other one stands on a roof.
    walker = max(tracks, key=lambda track: np.ptp(track.bbox[:, 0]))
    shrunk = _SIZE[0] / open_video(_CLIP).width
    found = {}
    for frame, box in zip(walker.frames, walker.bbox * shrunk, strict=True):
        x, y, width, height = box
        low = np.maximum([x - 0.35 * width, y - 0.12 * height], 0).astype(int)
        high = np.minimum([x + 1.35 * width, y + 1.1 * height], _SIZE).astype(int)
        inside = (slice(low[1], high[1]), slice(low[0], high[0]))
        colours = pictures[frame][inside]
        other = np.abs(colours.astype(int) - behind[inside]).max(axis=2) > _DIFFERS
        mask = cv2.morphologyEx(other.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3)))
        mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((13, 13)))
        cover = cv2.GaussianBlur(cv2.dilate(mask, np.ones((3, 3))) * 255, (3, 3), 0)
        found[int(frame)] = _Cutout(int(low[0]), int(low[1]), colours.copy(), cover, box)
    return found, behind


def film(
    walkers: Sequence[Walker], walk: dict[int, _Cutout], behind: np.ndarray, path: Path
) -> list[list[np.ndarray | None]]:
    """Write a clip of walkers, and return the box (4,) of each in each frame, None where none."""
    first, last = min(walk), max(walk)
    longest = max((last - first - each.start) / each.speed for each in walkers)
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 30, _SIZE)
    boxes: list[list[np.ndarray | None]] = []
    for time in range(int(min(longest, 170))):
        picture = behind.copy()
        places = [
            _placed(each, walk.get(round(first + each.start + time * each.speed)))
            for each in walkers
        ]
        order = sorted(range(len(walkers)), key=lambda i: (walkers[i].lower, walkers[i].front))
        for index in order:
            if (place := places[index]) is not None:
                _paste(picture, place)
        writer.write(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
        boxes.append([None if place is None else place.box for place in places])
    writer.release()
    return boxes


def _placed(walker: Walker, cutout: _Cutout | None) -> _Cutout | None:
    """Return a walker as big, and where, as the scene wants it."""
    if cutout is None:
        return None
    scale = walker.scale
    cover = cv2.resize(cutout.cover, None, fx=scale, fy=scale)
    colours = cv2.resize(cutout.colours, (cover.shape[1], cover.shape[0]))
    middle = cutout.left + cutout.cover.shape[1] / 2
    x, y, width, height = cutout.box
    centre = x + width / 2
    if walker.mirrored:
        cover, colours = cover[:, ::-1], colours[:, ::-1]
        middle, centre = _SIZE[0] - middle, _SIZE[0] - centre
    bottom = _GROUND + (cutout.top + cutout.cover.shape[0] - _GROUND) * scale + walker.lower
    top = _GROUND + (y - _GROUND) * scale + walker.lower
    box = np.array([centre - width * scale / 2, top, width * scale, height * scale])
    left = int(middle - cover.shape[1] / 2)
    return _Cutout(left, int(bottom - cover.shape[0]), colours, cover, box)


def _paste(picture: np.ndarray, place: _Cutout) -> None:
    height, width = place.cover.shape
    top, left = max(place.top, 0), max(place.left, 0)
    bottom, right = min(place.top + height, _SIZE[1]), min(place.left + width, _SIZE[0])
    if bottom <= top or right <= left:
        return
    own = (slice(top - place.top, bottom - place.top), slice(left - place.left, right - place.left))
    share = place.cover[own][..., None] / 255
    under = picture[top:bottom, left:right]
    picture[top:bottom, left:right] = share * place.colours[own] + (1 - share) * under


def stretches(track: Track, boxes: list[list[np.ndarray | None]]) -> Iterator[int]:
    """Yield which walker a track shows, once for each stretch of more than a moment."""
    now, length = -1, 0
    for frame, box in zip(track.frames, track.bbox, strict=True):
        there = [(i, each) for i, each in enumerate(boxes[frame]) if each is not None]
        if not there:
            continue
        corners = np.stack([each @ _LEFT_TOP_RIGHT_BOTTOM for _, each in there])
        shared = intersection_over_union(box @ _LEFT_TOP_RIGHT_BOTTOM, corners)
        if shared.max() < _SAME_PLACE:
            continue
        who = there[int(shared.argmax())][0]
        length = length + 1 if who == now else 1
        now = who
        if length == _SHORTEST:
            yield who


def main() -> None:
    """Print a line for each scene."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quality", choices=tuple(MODELS), default=BEST)
    parser.add_argument("--keep", type=Path, metavar="DIR", help="leave the clips here")
    options = parser.parse_args()
    walk, behind = cut_out()
    print("scene               walkers, people found, who each of them shows")
    with tempfile.TemporaryDirectory() as folder:
        home = options.keep or Path(folder)
        home.mkdir(parents=True, exist_ok=True)
        for name, walkers in SCENES.items():
            path = home / f"{name.replace(' ', '_').replace(',', '')}.avi"
            boxes = film(walkers, walk, behind, path)
            tracks = track_people(open_video(path), quality=options.quality).tracks
            shown = []
            for track in tracks:
                own = [who for who in stretches(track, boxes)]
                order = [who for i, who in enumerate(own) if i == 0 or who != own[i - 1]]
                shown.append(" then ".join(str(who + 1) for who in order) or "nobody")
            print(f"{name:18}  {len(walkers)}, {len(tracks)}: {'; '.join(shown)}", flush=True)


if __name__ == "__main__":
    main()
