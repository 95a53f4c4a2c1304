"""Which files hold somebody's motion: those that are named, and those in folders."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from core_model.errors import TakeError
from core_model.results.suffixes import SUFFIXES
from core_model.results.systems.slahmr import newest
from core_model.storage.npz import NpzError, names_in_npz

_TRACKS = "hps_track_*.npy"  # of TRAM, a file for each person
_INNER = ("hps", "results", "motion_chunks")
_SAME_EVERYWHERE = {
    "hmr4d_results",
    "wham_output",
    "vibe_output",
    "pare_output",
    "results",
    "res",
    "video_results",
    "inference_result",
}

_OF_RESULTS = {"results", "smpl", "smplx", "smplh", "bodyPose", "global_orient", "root_orient"}
_OF_TAKES = {"times", "mocap_framerate", "mocap_frame_rate"}


@dataclass(frozen=True)
class Source:
    """Files that belong together: mostly one.

    Parameters
    ----------
    paths : tuple of Path
    chosen : bool
        Whether it was named, not only found in a folder.
    """

    paths: tuple[Path, ...]
    chosen: bool = True

    @property
    def path(self) -> Path:
        """The first of its files."""
        return self.paths[0]

    @property
    def name(self) -> str:
        """What its motion may be called: many systems give every file the same name."""
        path = self.path.absolute()
        if path.match(_TRACKS):
            folder = path.parent.parent if path.parent.name == "hps" else path.parent
            return folder.name or path.stem
        return (path.parent.name or path.stem) if path.stem in _SAME_EVERYWHERE else path.stem


def find_sources(given: Sequence[Path]) -> list[Source]:
    """Return what may hold motion among files and in folders.

    Raises
    ------
    TakeError
        When a folder has no such file, or cannot be read.
    """
    sources: list[Source] = []
    for path in given:
        if path.is_dir():
            found = _in_folder(path)
            if not found:
                raise TakeError(
                    f"The folder {path} holds no takes (person_01.npz and so on) and no results "
                    "of another system."
                )
            sources += [Source(each.paths, chosen=False) for each in found]
        else:
            sources.append(Source((path,)))
    return _tracks_together(sources)


def is_result(path: Path) -> bool:
    """Tell whether a file is of another system, and no take or file of AMASS.

    Damaged files are none: reading them as takes tells what is wrong.
    """
    if path.suffix.lower() != ".npz":
        return path.suffix.lower() in SUFFIXES
    try:
        names = names_in_npz(path)
    except (NpzError, OSError, ValueError):
        return False
    if "poses" in names:
        return not names & _OF_TAKES
    return bool(names & _OF_RESULTS)


def _in_folder(folder: Path) -> list[Source]:
    files = _files(folder)
    tracks = [path for path in files if path.match(_TRACKS)]
    if tracks:
        return [Source(tuple(tracks))]
    if (folder / "hps").is_dir() and (inner := _in_folder(folder / "hps")):
        return inner
    if any(path.name == "results.pkl" for path in files):
        # PromptHMR writes everyone of its results into a file of their own, too.
        files = [path for path in files if not path.match("subject-*.smpl")]
    if not files:
        for name in _INNER:
            if (folder / name).is_dir() and (inner := _in_folder(folder / name)):
                return inner
    return [Source((path,)) for path in newest(files)]


def _files(folder: Path) -> list[Path]:
    try:
        found = sorted(folder.iterdir())
    except OSError as error:
        raise TakeError(f"The folder {folder} cannot be read: {error.strerror}.") from error
    # Names that begin with a dot: half-written takes, and what macOS leaves on foreign disks.
    return [
        path
        for path in found
        if path.suffix.lower() in SUFFIXES and not path.name.startswith(".") and not path.is_dir()
    ]


def _tracks_together(sources: Iterable[Source]) -> list[Source]:
    """Put the people of one video of TRAM together, whose files were named one by one."""
    together: dict[object, Source] = {}
    for number, source in enumerate(sources):
        alone = not source.path.match(_TRACKS)
        key: object = number if alone else source.path.parent
        before = together.get(key)
        paths = (*before.paths, *source.paths) if before else source.paths
        together[key] = Source(tuple(dict.fromkeys(paths)), source.chosen)
    return list(together.values())
