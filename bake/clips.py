"""The takes that are to be baked, put together by the clips that they are of."""

import itertools
from collections.abc import Container, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from bake.motion.trim import Trim
from bake.scene.names import object_name
from core_model.errors import TakeError
from core_model.results.reading import Found, ReadOptions, read_all
from core_model.storage.names import readable
from core_model.take import Take
from core_model.take.elsewhere import without_far_files
from core_model.take.folder import sound_start_of


@dataclass
class Clip:
    """The takes of one clip, whose times count from the same moment.

    Parameters
    ----------
    name : str
    video : Path or None
        The clip itself, where a take tells it.
    people : dict
        Takes by the name of the person.
    sound_start : float
        Seconds in the clip at which its sound begins.
    """

    name: str
    video: Path | None
    people: dict[str, Take] = field(default_factory=dict)
    sound_start: float = 0.0

    @property
    def start(self) -> float:
        """Time of the first picture that anyone is in, seconds."""
        return float(min(take.times[0] for take in self.people.values()))


def find_clips(
    inputs: Sequence[Path], options: ReadOptions = ReadOptions()
) -> tuple[list[Clip], list[str]]:
    """Read all takes and put those of the same clip together.

    Parameters
    ----------
    inputs : sequence of Path
        Capture folders, takes, AMASS files, results of other systems.
    options : ReadOptions
        What such files may leave open.

    Returns
    -------
    clips : list of Clip
    warnings : list of str
        One sentence each.

    Raises
    ------
    TakeError
        When an input is missing, damaged or holds no take.
    """
    clips: dict[str, Clip] = {}
    found, warnings = read_all(inputs, options)
    for each in found:
        if each.as_it_is:
            path = each.source.path
            take, told = without_far_files(each.takes[0], path, options.clips_from)
            warnings += told
            _add_take(clips, path, take)
        else:
            _add_people(clips, each)
    return list(clips.values()), warnings


def _add_take(clips: dict[str, Clip], path: Path, take: Take) -> None:
    video = Path(take.source["video"]) if take.source.get("video") else None
    captured = path.stem.startswith("person_")
    place = path.resolve().parent if captured else path.resolve().with_suffix("")
    clip = clips.setdefault(
        str(video or place), Clip(readable(video.stem if video else place.name), video)
    )
    clip.sound_start = clip.sound_start or sound_start_of(path)
    clip.people[_unused(readable(path.stem), clip.people)] = take


def _add_people(clips: dict[str, Clip], found: Found) -> None:
    name = readable(found.source.name)
    clip = clips.setdefault(str(found.source.path.resolve()), Clip(name, None))
    for number, take in enumerate(found.takes, 1):
        clip.people[name if len(found.takes) == 1 else f"person_{number:02d}"] = take


def people_within(clips: Sequence[Clip], trim: Trim, warnings: list[str]) -> list[Clip]:
    """Leave out people, and clips, of whom trimming leaves nothing; adds warnings.

    Raises
    ------
    TakeError
        When nobody is left.
    """
    left = []
    for clip in clips:
        people = {}
        for person, take in clip.people.items():
            try:
                trim.part(take.times[take.frame_valid])
                people[person] = take
            except TakeError as error:
                warnings.append(f"{object_name(clip.name, person)} was left out. {error}")
        if people:
            left.append(replace(clip, people=people))
    if not left:
        raise TakeError(warnings[-1])
    return left


def _unused(name: str, used: Container[str]) -> str:
    if name not in used:
        return name
    return next(new for number in itertools.count(2) if (new := f"{name}_{number}") not in used)
