"""How a clip was filmed: how its camera turned and zoomed, its lens, and what is plumb."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from core_model.pipeline.work import Work
from core_model.tracking.background import BackgroundMatch
from core_model.tracking.line_segments import LineLook
from core_model.world.camera_motion import MOVES, camera_motion
from core_model.world.manhattan import Lens, find_manhattan_frame

_KNOWN = {"given": 0.0, "clip": 0.05, "found": 0.15}
"""Standard deviation of the logarithm of a focal length, by what told it, without edges."""
_USUAL, _SPREAD = 0.95, 0.35
"""What is usual where nothing tells it, as a multiple of the longer side, and the same."""
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


def _know_room(work: Work, edges: Sequence[LineLook]) -> None:
    """Find what edges run along, and the lens if they tell it, in place."""
    carried = MOVES in work.motion.warnings
    if carried:
        # How the camera was held in one picture says nothing of how it was in another.
        edges = sorted(edges, key=lambda look: len(look.ends))[-1:]
    side = float(work.camera.size.max())
    lens = Lens(work.camera.focal / side, _KNOWN.get(work.focal_told_by, _SPREAD))
    if work.focal_told_by == "assumed":
        lens = Lens(_USUAL, _SPREAD)
    elif work.focal_told_by == "edges" and work.room:
        lens = Lens(work.camera.focal / side, 0.0)
    motion = work.motion
    room = find_manhattan_frame(edges, work.times, work.camera, lens, motion.turns, motion.zoom)
    if room and room.spread < _BETTER * lens.spread:
        work.camera = replace(work.camera, focal=room.focal)
        work.focal_told_by = "edges"
    if room and work.focal_told_by == "edges" and work.room and not lens.spread:
        room = replace(room, spread=work.room.spread)
    work.room = None if carried else room
