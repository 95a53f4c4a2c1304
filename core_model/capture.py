"""A clip goes in, one Take per person comes out."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, overload

from core_model import __version__
from core_model.body.model import Body, default_body, load_body
from core_model.capture_folder import save_capture
from core_model.errors import AssetError, OutputError
from core_model.geometry.camera import Camera
from core_model.network.checkpoints import file_hash, load_int_checkpoint
from core_model.network.devices import choose_device
from core_model.network.inference import prepare_for_inference
from core_model.options import CaptureOptions
from core_model.parts.following import PARTS, WHOLE, Limits
from core_model.parts.kept import Kept
from core_model.parts.long_take import LongTake
from core_model.parts.pipeline import follow_long, takes_of_long
from core_model.pipeline.shots import run_by_shots
from core_model.pipeline.work import Work
from core_model.progress import Clock, Progress, silent
from core_model.take import Take
from core_model.take.folder import read_summary
from core_model.take.writing import scratch_folder
from core_model.tracking.track_cache import clip_part
from core_model.video.blender_copy import NAME, write_blender_copy
from core_model.video.clip import open_video
from core_model.views.pipeline import run_together

PARTS_NAME = ".parts"
"""Of the folder, in that of the capture, for what is finished of a long clip."""

_EXACT = 0.1  # of the logarithm of a focal length: what is told less exactly is no news


def capture(
    video_path: str | Path,
    folder: str | Path,
    options: CaptureOptions = CaptureOptions(),
    progress: Progress = silent,
    limits: tuple[Limits, Limits] = (WHOLE, PARTS),
) -> Sequence[Take]:
    """Capture the people of a clip into `folder`: `person_01.npz`, ... and `capture.json`.

    What an earlier capture left in the folder is replaced, once everything is done. A clip that is
    too long to be held in memory goes through in parts; what of it is finished stays in the folder
    if the capture ends early, and the same capture goes on from there.

    Parameters
    ----------
    video_path : str or Path
    folder : str or Path
    options : CaptureOptions
    progress : Progress
    limits : tuple of Limits
        Of a clip that is captured in one, and of the parts of one that is not.

    Raises
    ------
    VideoError
        When the clip cannot be read.
    NoPersonError
        When nobody is in it; nothing is written then.
    OutputError
        When the folder cannot be written; found out before the work begins.
    MocapError
        When an option makes no sense.
    """
    folder = Path(folder)
    options.check()
    with scratch_folder(folder) as scratch:
        work = prepare(video_path, options, progress)
        works = [work]
        if options.views:
            works += _capture_together(work, options)
        else:
            with Kept(folder / PARTS_NAME, _about(work), scratch / "parts") as kept:
                if follow_long(work, kept, limits):
                    return _finish_long(work, kept, folder, scratch)
            works = run_by_shots(work)
        warnings = work.video.warnings + work.warnings
        if not work.video.plays_in_blender:
            warnings += _copy_for_blender(work, work.takes, scratch, folder)
        views = work.takes[0].views
        notes = _notes_of_lenses(works)
        seconds = work.clock.seconds
        save_capture(folder, scratch, work.takes, work.video, warnings, seconds, views, notes)
    return work.takes


def _finish_long(work: Work, kept: Kept, folder: Path, scratch: Path) -> "StoredTakes":
    """Capture a clip that was followed in parts."""
    takes = takes_of_long(work, kept)
    work.clock.lap("world")
    warnings = kept.warnings + work.warnings
    if not work.video.plays_in_blender:
        warnings += _copy_for_blender(work, takes, scratch, folder)
    notes = _notes_of_lenses([work])
    save_capture(folder, scratch, takes, work.video, warnings, work.clock.seconds, (), notes)
    kept.take_away()
    summary = read_summary(folder)
    assert summary  # it was written just now
    return StoredTakes([folder / person.file for person in summary.people])


class StoredTakes(Sequence[Take]):
    """Takes that are on disk; each is read when it is asked for.

    Parameters
    ----------
    paths : sequence of Path
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths

    def __len__(self) -> int:
        return len(self._paths)

    @overload
    def __getitem__(self, index: int) -> Take: ...

    @overload
    def __getitem__(self, index: slice) -> "StoredTakes": ...

    def __getitem__(self, index: int | slice) -> "Take | StoredTakes":
        if isinstance(index, slice):
            return StoredTakes(self._paths[index])
        return Take.load(self._paths[index])


def _about(work: Work) -> dict[str, Any]:
    """Return what must be the same for a capture to go on from what another found."""
    options = work.options
    part = clip_part(work.video.path, options.start, options.end, options.fps, options.quality)
    given = {
        name: str(value)
        for name, value in vars(options).items()
        if name not in ("device", "tracks")
    }
    return part | {
        "options": given,
        "weights_sha256": work.weights_sha256,
        "version": __version__,
    }


def _notes_of_lenses(works: Sequence[Work]) -> list[str]:
    """Return a sentence for every clip that tells its lens, itself or by what it shows."""
    notes = []
    for work in works:
        pixels = f"a focal length of {work.camera.focal:.0f} pixels"
        name = work.video.path.name + (f", shot {work.shot}," if work.shot else "")
        if work.focal_told_by == "clip":
            notes.append(f"{name} itself tells its lens: {pixels}.")
        elif work.focal_told_by == "edges" and work.focal_spread < _EXACT:
            exact = f"to within {100 * work.focal_spread:.0f} %"
            notes.append(f"{name} shows its lens in straight edges: {pixels}, {exact}.")
    return notes


def _capture_together(work: Work, options: CaptureOptions) -> list[Work]:
    """Capture what a clip and its other views show, in place; return what is known of these."""
    # In and out points and tracks are those of the first clip.
    plain = CaptureOptions(
        quality=options.quality,
        refine=options.refine,
        hands=options.hands,
        device=options.device,
        weights=options.weights,
        window=options.window,
        half=options.half,
        body=options.body,
    )
    told = [options.of_view(number) for number in range(len(options.views))]
    others = [
        prepare(path, replace(plain, focal=focal))
        for path, (_, focal) in zip(options.views, told, strict=True)
    ]
    run_together([work, *others], [offset for offset, _ in told])
    return others


def prepare(video_path: str | Path, options: CaptureOptions, progress: Progress = silent) -> Work:
    """Load all that a capture needs; the first frame is not read yet.

    Raises
    ------
    VideoError
        When the clip cannot be opened.
    AssetError
        When weights or body cannot be used.
    MocapError
        When an option makes no sense.
    """
    clock = Clock()
    device = choose_device(options.device)
    network = prepare_for_inference(load_int_checkpoint(options.weights).to(device), options.half)
    weights_sha256 = file_hash(options.weights)
    body = _body(options.body)
    video = open_video(video_path, options.start, options.end, options.fps)
    camera = Camera.assumed(video.width, video.height, options.focal or video.told_focal)
    clock.lap("load")
    return Work(video, camera, network, device, body, options, weights_sha256, progress, clock)


def _copy_for_blender(
    work: Work, takes: Sequence[Take | LongTake], scratch: Path, folder: Path
) -> list[str]:
    """Put a copy of the clip that Blender plays where the takes are made; return warnings."""
    try:
        write_blender_copy(
            work.video,
            work.times,
            scratch / NAME,
            lambda done, total: work.progress("copy", done, total),
        )
    except OutputError as error:
        return [f"The camera will have no background in Blender: {error}"]
    for take in takes:
        take.source["stored"] = {
            "copy": str(folder.resolve() / NAME),
            "lead": -float(work.times[0]),
        }
    work.clock.lap("copy")
    return []


def _body(path: Path | None) -> Body:
    body = load_body(path) if path else default_body()
    if body.landmark_regressor is None:
        raise AssetError(f"{path} is not SMPL's own mesh: nobody knows where its landmarks are.")
    return body
