"""What is known so far of a long clip, on disk: what is finished is not done again.

The folder stays when a capture ends early. A later one of the same clip with the same options goes
on from it; one of anything else begins anew. While one is at work with the folder, others keep what
they find elsewhere, and nobody goes on from that.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core_model.errors import OutputError
from core_model.storage.atomic import replaced_when_complete
from core_model.storage.locks import Claim
from core_model.storage.npz import NpzError, names_in_npz, read_npz, write_npz
from core_model.tracking.background import BackgroundMatch
from core_model.tracking.line_segments import LineLook
from core_model.tracking.track_cache import load_tracks, save_tracks
from core_model.tracking.track_people import TrackingResult

_SUMMARY = "parts.json"
_LOCK = ".at_work"
_MOST_BYTES = 2**30


@dataclass(frozen=True)
class Part:
    """A part of a clip.

    Parameters
    ----------
    first : int
        Its first frame in the clip.
    count : int
    next_first : int
        The first frame of the next part, which is one of the last of this; `end` if there is none.
    """

    first: int
    count: int
    next_first: int

    @property
    def end(self) -> int:
        """The frame of the clip after its last."""
        return self.first + self.count


class Kept:
    """The folder of what is finished, until the end of a `with` block.

    Parameters
    ----------
    folder : Path
        Made when there is something to keep.
    about : dict
        Of which clip and with which options; plain values of JSON.
    spare : Path, optional
        The folder to be used while another capture is at work with `folder`.
    """

    def __init__(self, folder: Path, about: dict[str, Any], spare: Path | None = None) -> None:
        self.folder, self._spare = folder, spare
        self.parts: list[Part] = []
        self.is_whole = False
        """Whether all of the clip was followed."""
        self.warnings: list[str] = []
        """What was wrong with the clip, in sentences."""
        self._about: dict[str, Any] = json.loads(json.dumps(about))
        self._claim: Claim | None = None
        with suppress(
            OSError, ValueError, TypeError, KeyError, OverflowError, RecursionError
        ):  # a damaged summary is none
            self._claim = Claim.of(folder / _LOCK)
            if self._claim:
                self._go_on(json.loads((folder / _SUMMARY).read_text(encoding="utf-8")))

    def __enter__(self) -> "Kept":
        return self

    def __exit__(self, *_: object) -> None:
        self._let_go()

    def add_followed(self, part: Part, tracked: TrackingResult) -> None:
        """Keep who was found in the next part.

        Raises
        ------
        OutputError
            When it cannot be written.
        """
        if not self.parts:
            self._begin()
        save_tracks(self._path("people", len(self.parts)), asdict(part), tracked)
        self.parts.append(part)
        self._save()

    def finish_following(self, warnings: list[str]) -> None:
        """Note that the clip was followed to its end, and what was wrong with it."""
        self.is_whole, self.warnings = True, list(warnings)
        self._save()

    def take_over(self, found: "Kept") -> None:
        """Keep what was followed and kept elsewhere, to the end of the clip.

        Raises
        ------
        OutputError
            When it cannot be read or written.
        """
        for number, part in enumerate(found.parts):
            self.add_followed(part, found.followed(number))
        self.finish_following(found.warnings)

    def followed(self, number: int) -> TrackingResult:
        """Return who was found in a part.

        Raises
        ------
        OutputError
            When it is not there any more.
        """
        found = load_tracks(self._path("people", number), asdict(self.parts[number]))
        if found is None:
            raise self._lost()
        return found

    def matches(self) -> Iterator[BackgroundMatch]:
        """Yield what lies behind the people, from the first part to the last."""
        for number in range(len(self.parts)):
            yield from self.followed(number).background

    def edges(self) -> Iterator[LineLook]:
        """Yield the straight edges behind the people, from the first part to the last."""
        for number in range(len(self.parts)):
            yield from self.followed(number).edges

    @contextmanager
    def adding_motion(self, number: int) -> Iterator[dict[str, np.ndarray]]:
        """Give room for the arrays of the people's motion in a part; kept if the block succeeds."""
        arrays: dict[str, np.ndarray] = {}
        yield arrays
        with replaced_when_complete(self._path("motion", number)) as temporary:
            write_npz(temporary, arrays)

    def has_motion(self, number: int) -> bool:
        """Tell whether the motion in a part is finished."""
        return self._path("motion", number).exists()

    def motion(self, number: int) -> dict[str, np.ndarray]:
        """Return the arrays of the people's motion in a part.

        Raises
        ------
        OutputError
            When they are not there any more.
        """
        path = self._path("motion", number)
        try:
            return read_npz(path, names_in_npz(path), _MOST_BYTES)
        except (OSError, NpzError) as error:
            raise self._lost() from error

    def take_away(self) -> None:
        """Take the folder away: all is done, or nothing can go on from it."""
        if self._claim:
            self._empty()
            self._let_go()

    def _begin(self) -> None:
        """Make the folder one's own, with nothing in it."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._claim = self._claim or Claim.of(self.folder / _LOCK)
            if not self._claim:
                if not self._spare:
                    raise OutputError(f"Another program is at work in {self.folder}: wait for it.")
                self.folder = self._spare
                self.folder.mkdir(parents=True, exist_ok=True)
                self._claim = Claim.of(self.folder / _LOCK)
        except OSError as error:
            raise OutputError(f"Cannot write to {self.folder}: {error.strerror}.") from error
        self._empty()

    def _empty(self) -> None:
        for path in self.folder.glob("*"):
            if path.name != _LOCK:
                with suppress(OSError):
                    path.unlink()

    def _let_go(self) -> None:
        if self._claim:
            self._claim.give_back()
            self._claim = None
            with suppress(OSError):  # there is something to go on from
                self.folder.rmdir()

    def _path(self, what: str, number: int) -> Path:
        return self.folder / f"{what}_{number:04d}.npz"

    def _lost(self) -> OutputError:
        # Else the same command would stumble over it again.
        self.take_away()
        return OutputError(
            f"What was found so far in {self.folder} is damaged or was taken away; the same "
            "capture begins anew."
        )

    def _go_on(self, read: dict[str, Any]) -> None:
        if read["about"] == self._about:
            parts = [Part(int(a), int(b), int(c)) for a, b, c in read["parts"]]
            warnings = [str(each) for each in read["warnings"]]
            self.parts, self.is_whole, self.warnings = parts, bool(read["whole"]), warnings

    def _save(self) -> None:
        summary = {
            "about": self._about,
            "parts": [[each.first, each.count, each.next_first] for each in self.parts],
            "whole": self.is_whole,
            "warnings": self.warnings,
        }
        with replaced_when_complete(self.folder / _SUMMARY) as temporary:
            temporary.write_text(json.dumps(summary), encoding="utf-8")
