"""Motion capture on disk as one array of SMPL rotations to sample from."""

import hashlib
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation, Slerp
from tqdm import tqdm

from core_model.body.skeleton import JOINT_COUNT, SMPL_TO_WORLD
from core_model.errors import MocapError
from core_model.storage.atomic import replaced_when_complete
from core_model.take import Take
from core_model.take.folder import with_motion
from core_model.take.upright import upright
from train.databases import asf_amc, daz_bvh, motion_packs
from train.databases.straight_limbs import (
    bends_backwards,
    standing_bend,
    straightened,
    straightest_arm,
)

FRAME_RATE = 30.0

_WHERE_FROM = (
    "CMU's is free at mocap.cs.cmu.edu (ASF/AMC, thin it to 30 frames a second), and any folder of "
    "AMASS .npz files serves: put it there, or name yours under motion, sources in the "
    "configuration."
)


# Files of recordings at 60 frames a second that were thinned as if they had 120.
_TWICE_AS_FAST = {"88_01", "90_08", "90_11"}


@dataclass(frozen=True)
class _Clip:
    """Local rotations (T, 24, 3, 3) and whose skeleton they are of; None needs no mend."""

    rotations: np.ndarray
    body: str | None = None


@dataclass(frozen=True)
class MotionLibrary:
    """Clips of motion at 30 frames a second, end to end.

    Parameters
    ----------
    rotations : (N, 24, 3, 3) float32
        Local rotations; joint 0 turns SMPL space to a Y-up world.
    names : list of str
        One for each clip; a name starts with its subject and an underscore.
    bounds : (C + 1,) int
        Clip c is `rotations[bounds[c]:bounds[c + 1]]`.
    """

    rotations: np.ndarray
    names: list[str]
    bounds: np.ndarray

    def split(self, subjects: set[str]) -> tuple["MotionLibrary", "MotionLibrary"]:
        """Return the library without and with the clips of `subjects`."""
        held = np.array([name.partition("_")[0] in subjects for name in self.names])
        return self._only(~held), self._only(held)

    def _only(self, wanted: np.ndarray) -> "MotionLibrary":
        clips = [
            self.rotations[self.bounds[c] : self.bounds[c + 1]] for c in np.flatnonzero(wanted)
        ]
        return _joined(clips, [self.names[c] for c in np.flatnonzero(wanted)])


def load_motion_library(
    sources: list[Path], cache: Path, as_recorded: bool = False
) -> MotionLibrary:
    """Read motion capture once and keep the result in the folder `cache`.

    Parameters
    ----------
    sources : list of Path
        Folders, or `.tar` archives of folders, with packs of motion (`motion_packs`), ASF/AMC files
        as CMU's, Daz-friendly BVH files of the same, or AMASS `.npz` files. Of sources that hold
        the same clip the first counts.
    as_recorded : bool
        Leave knees and elbows as the recordings' skeletons bend them, and clips at the speed that
        their files have; otherwise both are put right (`straight_limbs`), and files in which elbows
        bend backwards are left out. AMASS needs none of it.

    Raises
    ------
    MocapError
        When a source is missing or holds no motion.
    """
    for source in sources:
        _check_there(source)
    # The version marks what the conversion does, so that a change of it is not served stale.
    stamps = [f"{source.resolve()}{source.stat().st_mtime_ns}" for source in sources]
    key = f"v6{'raw' if as_recorded else ''}{''.join(stamps)}"
    cached = cache / f"motion_{hashlib.sha256(key.encode()).hexdigest()[:12]}.npz"
    if not cached.exists():
        clips: dict[str, _Clip] = {}
        for source in sources:
            clips = _read_folder(unpacked(source, cache), as_recorded) | clips
        if not clips:
            raise MocapError(f"No motion was found in {', '.join(map(str, sources))}.")
        if not as_recorded:
            clips = _straightened(_possible(clips))
        library = _joined([clip.rotations for clip in clips.values()], list(clips))
        with replaced_when_complete(cached) as temporary:
            np.savez(
                temporary,
                rotations=library.rotations,
                names=np.array(library.names),
                bounds=library.bounds,
            )
    with np.load(cached) as file:
        return MotionLibrary(file["rotations"], file["names"].tolist(), file["bounds"])


def read_motion(folder: Path, asf_rate: float = FRAME_RATE) -> dict[str, np.ndarray]:
    """Read a folder of motion capture, knees and elbows put right.

    Parameters
    ----------
    folder : Path
    asf_rate : float
        Frames a second of ASF/AMC files, which do not say it.

    Returns
    -------
    dict of (T, 24, 3, 3)
        Local rotations at 30 frames a second by the name of the clip, of a Y-up world.

    Raises
    ------
    MocapError
        When the folder is missing or holds no motion.
    """
    _check_there(folder)
    clips = _read_folder(folder, as_recorded=False, asf_rate=asf_rate)
    if not clips:
        raise MocapError(f"No motion was found in {folder}.")
    return {name: clip.rotations for name, clip in _straightened(_possible(clips)).items()}


def _check_there(source: Path) -> None:
    if not source.exists():
        raise MocapError(f"There is no motion capture at {source}. {_WHERE_FROM}")


def _joined(clips: list[np.ndarray], names: list[str]) -> MotionLibrary:
    bounds = np.concatenate(([0], np.cumsum([len(clip) for clip in clips]))).astype(int)
    rotations = np.concatenate([np.empty((0, JOINT_COUNT, 3, 3)), *clips])
    return MotionLibrary(rotations.astype(np.float32), names, bounds)


def unpacked(source: Path, cache: Path) -> Path:
    """Return the folder of a source; archives are unpacked into the folder `cache` once.

    Raises
    ------
    MocapError
        When the source is not there, damaged, or would be unpacked outside of its folder.
    """
    _check_there(source)
    if source.is_dir():
        return source
    folder = cache / source.name.partition(".")[0]
    if not folder.exists():
        partial = folder.with_name(folder.name + ".partial")
        try:
            with tarfile.open(source) as archive:
                archive.extractall(partial, filter="data")
        except tarfile.TarError as error:  # also of a member that would leave the folder
            raise MocapError(f"{source} cannot be unpacked: {error}.") from error
        partial.rename(folder)
    return folder


def _read_folder(folder: Path, as_recorded: bool, asf_rate: float = FRAME_RATE) -> dict[str, _Clip]:
    clips = {}
    for path in tqdm(_motions(folder), desc=f"reading {folder.name}", unit="clip"):
        subject = path.stem.partition("_")[0]
        if path.suffix == ".amc":
            skeletons = sorted(path.parent.glob("*.asf"))
            if not skeletons:
                raise MocapError(f"{path} has no ASF skeleton beside it.")
            bones = asf_amc.read_asf(skeletons[0])
            _, turned = asf_amc.read_amc(path, bones)
            rotations = asf_amc.smpl_rotations(turned, bones)
            slow = 2 if path.stem in _TWICE_AS_FAST and not as_recorded else 1
            rotations = _resampled(rotations, np.arange(len(rotations)) * slow / asf_rate)
            clips[path.stem] = _Clip(rotations, f"asf {subject}")
        elif path.suffix == ".bvh":
            motion = daz_bvh.read_bvh(path)
            if not daz_bvh.is_daz(motion):  # the archive has one clip of another skeleton
                continue
            rotations = daz_bvh.smpl_rotations(motion)
            times = np.arange(len(rotations)) / motion.frame_rate
            clips[path.stem] = _Clip(_resampled(rotations, times), f"daz {subject}")
        elif motion_packs.is_pack(path):
            for clip in motion_packs.read_pack(path):
                times = np.arange(len(clip.rotations)) / clip.frame_rate
                clips[clip.name] = _Clip(_resampled(clip.rotations, times), clip.body)
        else:
            clips[f"{path.parent.name}_{path.stem}"] = _Clip(_amass_rotations(path))
    return clips


def _possible(clips: dict[str, _Clip]) -> dict[str, _Clip]:
    """Return clips without those that nobody can have done, which are named."""
    broken = [name for name, clip in clips.items() if bends_backwards(clip.rotations)]
    for name in broken:
        tqdm.write(f"Warning: {name} is left out: its elbows bend backwards.", file=sys.stderr)
    return {name: clip for name, clip in clips.items() if name not in broken}


def _straightened(clips: dict[str, _Clip]) -> dict[str, _Clip]:
    """Return clips with the knees and elbows of each body as they are in life."""
    bodies: dict[str, list[str]] = {}
    for name, clip in clips.items():
        if clip.body is not None:
            bodies.setdefault(clip.body, []).append(name)
    whole = {
        body: np.concatenate([clips[name].rotations for name in names])
        for body, names in bodies.items()
    }
    knees = {body: standing_bend(rotations) for body, rotations in whole.items()}
    result = dict(clips)
    for body, names in bodies.items():
        # Who hardly stands is bent as others on the same kind of skeleton are.
        kind = body.partition(" ")[0]
        alike = [bend for other, bend in knees.items() if bend and other.startswith(f"{kind} ")]
        bend = knees[body] or (np.median(alike) if alike else 0.0)
        elbows = straightest_arm(whole[body])
        for name in names:
            rotations = straightened(clips[name].rotations, float(bend), elbows)
            result[name] = _Clip(rotations, body)
    return result


def _motions(folder: Path) -> list[Path]:
    """Return the files with motion in and below a folder; AMASS has shapes of subjects beside."""
    found = [path for kind in ("*.amc", "*.bvh") for path in sorted(folder.rglob(kind))]
    arrays = sorted(folder.rglob("*.npz"))
    found += [path for path in arrays if motion_packs.is_pack(path)]
    files, warnings = with_motion([path for path in arrays if path not in found])
    for warning in warnings:
        tqdm.write(f"Warning: {warning}", file=sys.stderr)
    return found + files


def _amass_rotations(path: Path) -> np.ndarray:
    """Read an AMASS clip at 30 frames a second, its world turned to Y up: (T, 24, 3, 3)."""
    take, _ = upright(Take.load(path))
    resampled = _resampled(take.rotations(), take.times)
    resampled[:, 0] = SMPL_TO_WORLD.T @ resampled[:, 0]
    return resampled


def _resampled(local: np.ndarray, times: np.ndarray) -> np.ndarray:
    if np.allclose(np.diff(times), 1 / FRAME_RATE, rtol=1e-3):
        return local
    wanted = np.arange(times[0], times[-1], 1 / FRAME_RATE)
    resampled = np.empty((len(wanted), JOINT_COUNT, 3, 3))
    for joint in range(JOINT_COUNT):
        slerp = Slerp(times, Rotation.from_matrix(local[:, joint]))
        resampled[:, joint] = slerp(wanted).as_matrix()
    return resampled
