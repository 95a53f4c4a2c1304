"""How a clip was filmed: how its camera turned and zoomed, its lens, and what is plumb."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from core_model.geometry.camera import Camera
from core_model.pipeline.work import Work
from core_model.tracking.background import BackgroundMatch
from core_model.tracking.line_segments import LineLook
from core_model.video.bars import part_of_clip
from core_model.world.camera_motion import MOVES, camera_motion
from core_model.world.manhattan import Lens, ManhattanFrame, find_manhattan_frame

_KNOWN = {"given": 0.0, "clip": 0.05, "found": 0.15, "edges": 0.0}
"""Standard deviation of the logarithm of a focal length, by what told it before edges are asked."""
_USUAL, _SPREAD = 0.95, 0.35
"""What is usual where nothing tells it, as a multiple of what is assumed, and the same."""
_BETTER = 0.9  # of that: edges that leave more have told nothing


def know_filming(work: Work, matches: Iterable[BackgroundMatch], edges: Sequence[LineLook]) -> None:
    """Find how a clip was filmed, in place.

    Parameters
    ----------
    work : Work
        Its times, camera and options count; its camera, motion, room and warnings change.
    matches : iterable of BackgroundMatch
        As often as asked for.
    edges : sequence of LineLook
    """
    _know_bars(work, edges)
    given = work.focal_told_by == "given"
    work.motion = camera_motion(matches, work.times, work.camera, focal_known=given)
    if work.motion.focal:
        work.camera = replace(work.camera, focal=work.motion.focal)
        work.focal_told_by = "found"
    _know_room(work, edges)
    if work.focal_told_by == "edges" and work.motion.turns is not None:
        # Through another lens the same pictures are another turn.
        work.motion = camera_motion(matches, work.times, work.camera, focal_known=True)
        _know_room(work, edges)
    work.warnings += work.motion.warnings


def _know_bars(work: Work, edges: Sequence[LineLook]) -> None:
    """Let the lens look through the middle of what bars leave of the picture, in place."""
    parts = [look.shown for look in edges if look.shown]
    width, height = (int(side) for side in work.camera.size)
    left, top, right, bottom = part_of_clip(parts, width, height)
    center = np.array([left + right, top + bottom]) / 2
    assumed = Camera.assumed(round(right - left), round(bottom - top)).focal
    focal = assumed if work.focal_told_by == "assumed" else work.camera.focal
    work.camera = replace(work.camera, center=center, focal=focal)


def _know_room(work: Work, edges: Sequence[LineLook]) -> None:
    """Find what edges run along, and the lens if they tell it, in place."""
    carried = MOVES in work.motion.warnings
    if carried:
        # How the camera was held in one picture says nothing of how it was in another.
        edges = sorted(edges, key=lambda look: len(look.ends))[-1:]
    lens = _lens(work)
    room = _room(work, edges, lens)
    if room and lens.spread:
        if room.spread < _BETTER * lens.spread:
            work.camera = replace(work.camera, focal=room.focal)
            work.focal_told_by, work.focal_spread = "edges", room.spread
        else:  # what is plumb through the lens that is taken for it
            room = _room(work, edges, Lens(_ratio(work), 0.0))
    work.room = None if carried else room


def _room(work: Work, edges: Sequence[LineLook], lens: Lens) -> ManhattanFrame | None:
    motion = work.motion
    return find_manhattan_frame(edges, work.times, work.camera, lens, motion.turns, motion.zoom)


def _lens(work: Work) -> Lens:
    """Return what is known of the lens so far."""
    if work.focal_told_by == "assumed":
        return Lens(_USUAL * _ratio(work), _SPREAD)
    return Lens(_ratio(work), _KNOWN[work.focal_told_by])


def _ratio(work: Work) -> float:
    return float(work.camera.focal / work.camera.size.max())
