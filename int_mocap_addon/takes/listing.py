"""The list of takes: what a file is about, adding it, finding it again."""

import itertools
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import bpy

from core_model.errors import MocapError

from ..defaults import take_defaults
from ..paths import blend_folder, portable
from ..settings import settings_of

if TYPE_CHECKING:
    from bake.motion.doubtful import DoubtfulRange
    from core_model.take import Take


@dataclass(frozen=True)
class TakeFacts:
    """What the list shows of a take's file.

    Parameters
    ----------
    path : Path
    name : str
    clip : str
        Path of the video; empty where unknown.
    asked_first : str
        The other computer that the clip lies on, if the user has to agree before it is asked.
    clip_start : float
        Seconds at which anyone of that capture is first seen: frame one of the scene.
    start, seconds : float
        First frame and length.
    frames : int
    rate : float
        Frames per second.
    confidence : float
        Mean over joints and frames with a sight.
    filmed : bool
        Whether it is from a video, captured here or by another system; the file has Z up then.
    up : str
        The axis that is up in the file, "z" or "y".
    doubtful : tuple of DoubtfulRange
        Where a part of the body was hardly seen.
    remark : str
        A sentence for the user, empty if there is nothing to say.
    shot : int
        Number of the shot of a clip that was cut; 0 of one that was not.
    shot_start : float
        Seconds of the clip at which it begins.
    """

    path: Path
    name: str
    clip: str
    asked_first: str
    clip_start: float
    start: float
    seconds: float
    frames: int
    rate: float
    confidence: float
    filmed: bool
    up: str
    doubtful: "tuple[DoubtfulRange, ...]"
    remark: str
    shot: int
    shot_start: float


def read_facts(path: Path) -> TakeFacts:
    """Read what a take's file is about; touches nothing in Blender.

    Raises
    ------
    TakeError
        When it is no take, or one without a frame that can be used.
    """
    from core_model.errors import TakeError
    from core_model.take import Take

    take = Take.load(path)
    if not take.frame_valid.any():
        raise TakeError(f"{path} has no frame in which the person was seen.")
    return facts_of(take, path)


def facts_of(take: "Take", path: Path) -> TakeFacts:
    """Return what the list shows of a take that was read from `path`."""
    from bake.motion.resample import rate_of
    from bake.motion.suspects import suspects
    from bake.scene.names import object_name
    from core_model.take.elsewhere import asked_first
    from core_model.take.shots import shot_of_take
    from core_model.take.upright import upright

    turned, remark = upright(take)
    clip = str(take.source.get("video") or "")
    start, end = float(take.times[0]), float(take.times[-1])
    rate = rate_of(take.times).value
    shot, shot_start = shot_of_take(take)
    return TakeFacts(
        path=path,
        name=object_name(Path(clip).stem, path.stem) if clip else path.stem,
        clip=clip,
        asked_first=asked_first(clip, path),
        clip_start=min([start, *_starts_in_capture(path)]),
        start=start,
        seconds=end - start + 1 / rate,
        frames=len(take),
        rate=rate,
        confidence=float(take.confidence[take.frame_valid].mean()),
        filmed=take.from_video,
        up="z" if turned is take else "y",
        doubtful=tuple(suspects(turned)),
        remark=f"{path.name} {remark}; change Up in the list of takes if it should not."
        if remark
        else "",
        shot=shot,
        shot_start=shot_start,
    )


def add_take(scene: bpy.types.Scene, facts: TakeFacts, body_file: str = "") -> str:
    """Put a take at the end of the list, make it the active one, and return its uid.

    A file that is in the list already is not listed twice.
    """
    take_defaults(scene)
    settings = settings_of(scene)
    for index, item in enumerate(settings.takes):
        if item.path and Path(bpy.path.abspath(item.path)) == facts.path:
            settings.active_take = index
            return str(item.uid)
    used = {item.name for item in settings.takes}
    item = settings.takes.add()
    item.uid = uuid.uuid4().hex
    item.path, item.clip = portable(facts.path, blend_folder()), facts.clip
    item.asked_first = facts.asked_first
    item.clip_start, item.start, item.seconds = facts.clip_start, facts.start, facts.seconds
    item.body_file = body_file
    item.filmed, item.up = facts.filmed, facts.up
    item.frames, item.rate = facts.frames, facts.rate
    item.shot, item.shot_start = facts.shot, facts.shot_start
    show_facts(item, facts)
    item.name = _unused(facts.name, used)
    settings.active_take = len(settings.takes) - 1
    return str(item.uid)


def clip_of(item: Any) -> Path | None:
    """Return the clip of a take, None where there is none or the user did not agree to open it."""
    known = item.clip and not item.asked_first
    return Path(bpy.path.abspath(item.clip)) if known else None


def take_file(item: Any) -> Path:
    """Return the file that a take is baked from: as it was captured, or solved again since."""
    return Path(bpy.path.abspath(item.solved or item.path))


def show_facts(item: Any, facts: TakeFacts) -> None:
    """Let the list tell of a take what can change when it is solved again."""
    item.confidence = facts.confidence
    seen = [(each.name, each.kind, each.start, each.end) for each in item.doubtful if each.seen]
    item.doubtful.clear()
    for each in facts.doubtful:
        stretch = item.doubtful.add()
        stretch.name, stretch.confidence = each.part, each.confidence
        stretch.start, stretch.end = each.start, each.end
        stretch.kind, stretch.severity = each.kind, each.severity
        stretch.seen = any(
            (name, kind) == (each.part, each.kind) and start <= each.end and each.start <= end
            for name, kind, start, end in seen
        )


def find_take(scene: bpy.types.Scene, uid: str) -> Any:
    """Return a take of the list.

    Raises
    ------
    MocapError
        When it was removed meanwhile.
    """
    for item in settings_of(scene).takes:
        if item.uid == uid:
            return item
    raise MocapError("The take was removed from the list meanwhile.")


def takes_of_capture(scene: bpy.types.Scene, item: Any) -> list[Any]:
    """Return the takes of the list that come from the same folder and clip as one, itself too."""
    path = Path(bpy.path.abspath(item.path))
    found = []
    for other in settings_of(scene).takes:
        beside = Path(bpy.path.abspath(other.path))
        # Of results of other systems, nobody knows the clip.
        together = other.clip or all(each.name.startswith("person_") for each in (path, beside))
        if other.uid == item.uid or (
            together and other.clip == item.clip and beside.parent == path.parent
        ):
            found.append(other)
    return found


def takes_of_shot(scene: bpy.types.Scene, item: Any) -> list[Any]:
    """Return the takes of the list that the same camera saw as one, itself too."""
    return [each for each in takes_of_capture(scene, item) if each.shot == item.shot]


def active_take(scene: bpy.types.Scene | None) -> Any:
    """Return the take that is selected in the list, None if the list is empty."""
    settings = settings_of(scene)
    index = settings.active_take
    return settings.takes[index] if 0 <= index < len(settings.takes) else None


def _starts_in_capture(path: Path) -> list[float]:
    """Return when each person of the same capture is first seen; empty for a lone file."""
    from core_model.take.folder import read_summary

    try:
        summary = read_summary(path.parent)
    except MocapError:  # the take itself is none the worse
        return []
    people = (
        [one for one in summary.people if (path.parent / one.file).is_file()] if summary else []
    )
    return [one.start for one in people] if path.name in {one.file for one in people} else []


def _unused(name: str, used: set[str]) -> str:
    if name not in used:
        return name
    return next(new for n in itertools.count(2) if (new := f"{name}_{n}") not in used)
