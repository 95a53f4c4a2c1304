"""A take of any length: written part by part, never whole in memory."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from core_model.body.model import Body
from core_model.geometry.camera import Camera
from core_model.parts.joining import Joined, joined, relaxed_fingers
from core_model.parts.kept import Kept
from core_model.parts.people import Person
from core_model.storage.atomic import replaced_when_complete
from core_model.storage.columns import Columns
from core_model.take import Take
from core_model.take.take_file import OF_EVERY_FRAME, stored_arrays
from core_model.world.camera_motion import CameraMotion
from core_model.world.to_takes import take_of


@dataclass
class LongTake:
    """One person in a long clip, as `Take`.

    Parameters
    ----------
    kept : Kept
        With the motion in all parts.
    index : int
        Of the person there.
    person : Person
    betas : (10,)
    growth : float
        How many times as far away the person is as in the parts.
    has_hands : bool
    clip_times : (T,)
        Seconds of all frames of the clip.
    camera : Camera
        In the world.
    motion : CameraMotion
    body : Body
    source : dict
    """

    kept: Kept
    index: int
    person: Person
    betas: np.ndarray
    growth: float
    has_hands: bool
    clip_times: np.ndarray
    camera: Camera
    motion: CameraMotion
    body: Body
    source: dict[str, Any]
    mean_confidence: float = 0.0
    frame_valid: np.ndarray = field(default_factory=lambda: np.empty(0, bool))

    @property
    def times(self) -> np.ndarray:
        """Seconds of its frames, (N,)."""
        return self.clip_times[self.person.first : self.person.last + 1]

    def __len__(self) -> int:
        return self.person.last - self.person.first + 1

    def save(self, path: str | Path) -> None:
        """Write the take; `frame_valid` and `mean_confidence` are known then.

        Raises
        ------
        OutputError
            When the file cannot be written.
        """
        path = Path(path)
        rate = float(1 / np.median(np.diff(self.times))) if len(self) > 1 else 30.0
        valid, sure = [], 0.0
        with (
            replaced_when_complete(path) as temporary,
            tempfile.TemporaryDirectory(prefix=".", dir=path.parent) as scratch,
        ):
            columns, others = Columns(Path(scratch)), dict[str, Any]()
            for take in self._pieces():
                arrays = stored_arrays(vars(take), rate)
                columns.append({name: arrays[name] for name in arrays if name in OF_EVERY_FRAME})
                others = {name: arrays[name] for name in arrays if name not in OF_EVERY_FRAME}
                valid.append(take.frame_valid)
                sure += float(take.confidence[take.frame_valid].mean(axis=1).sum())
            columns.write(temporary, others)
        self.frame_valid = np.concatenate(valid)
        self.mean_confidence = sure / max(int(self.frame_valid.sum()), 1)

    def _pieces(self) -> Iterator[Take]:
        relaxed = relaxed_fingers(self.body, self.betas) if self.has_hands else None
        parts = joined(self.kept, self.index, self.person.first, self.person.last)
        waiting: list[Joined] = []  # before the person was seen
        held = None
        for piece in parts:
            if not piece.rows["seen"].any() and held is None:
                waiting.append(piece)
                continue
            if held is None:
                first = int(np.flatnonzero(piece.rows["seen"])[0])
                held = {name: piece.rows[name][first] for name in ("rotations", "pelvis")}
            for each in (*waiting, piece):
                yield self._take(each, held, relaxed)
            waiting = []
            seen = np.flatnonzero(piece.rows["seen"])
            if len(seen):
                held = {name: piece.rows[name][seen[-1]] for name in ("rotations", "pelvis")}

    def _take(self, piece: Joined, held: dict[str, np.ndarray], relaxed: np.ndarray | None) -> Take:
        """Return a piece as a take; the pose of before is held where nobody was seen in it."""
        seen = piece.rows["seen"]
        figure = piece.figure(self.betas, relaxed)
        if not seen.any():
            for name, value in held.items():
                piece.rows[name][:] = value
            figure = replace(figure, seen=np.ones_like(seen))
        figure.pelvis = figure.pelvis * self.growth
        sure = piece.rows["confidence"]
        given = self.clip_times, self.camera, self.body, self.source, self.motion
        take = take_of(figure, *given, sure)
        take.frame_valid = seen
        return take
