"""The folder that a capture leaves: one take per person and a summary, replaced all at once."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core_model import __version__
from core_model.errors import OutputError
from core_model.storage.atomic import replaced_when_complete
from core_model.take import Take
from core_model.video.clip import Video


@contextmanager
def scratch_folder(folder: Path) -> Iterator[Path]:
    """Give a scratch folder inside `folder`, which is made first and taken away if left empty.

    Raises
    ------
    OutputError
        When nothing can be written there.
    """
    made = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=".capture-", dir=folder))
    except OSError as error:
        raise OutputError(f"Cannot write to the folder {folder}: {error.strerror}.") from error
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
        for path in made:
            if not any(path.iterdir()):
                path.rmdir()


def save_capture(
    folder: Path,
    scratch: Path,
    takes: list[Take],
    video: Video,
    warnings: list[str],
    seconds: dict[str, float],
) -> None:
    """Write takes and summary to `scratch`, then put them in the place of an earlier capture's.

    Parameters
    ----------
    folder, scratch : Path
        The capture folder, and a folder inside it.
    takes : list of Take
    video : Video
    warnings : list of str
        Sentences for the user.
    seconds : dict
        Time spent by stage.

    Raises
    ------
    OutputError
        When a file cannot be written; what was there before is still there then.
    """
    for number, take in enumerate(takes, start=1):
        take.save(scratch / f"person_{number:02d}.npz")
    _write_summary(scratch / "capture.json", takes, video, warnings, seconds)
    new = sorted(scratch.iterdir())
    stale = {path.name for path in folder.glob("person_*.npz")} - {path.name for path in new}
    for path in new:
        path.replace(folder / path.name)
    for name in stale:
        (folder / name).unlink()


def _write_summary(
    path: Path, takes: list[Take], video: Video, warnings: list[str], seconds: dict[str, float]
) -> None:
    summary = {
        "format": "int-mocap-capture-1",
        "version": __version__,
        "video": str(video.path),
        "size": [video.width, video.height],
        "frame_rate": video.frame_rate,
        "warnings": warnings,
        "people": [
            {
                "file": f"person_{number:02d}.npz",
                "start": float(take.times[0]),
                "end": float(take.times[-1]),
                "frames": len(take),
                "seen": int(take.frame_valid.sum()),
                "confidence": round(float(take.confidence[take.frame_valid].mean()), 3),
            }
            for number, take in enumerate(takes, start=1)
        ],
        "stages": {stage: round(value, 3) for stage, value in seconds.items()},
    }
    with replaced_when_complete(path) as temporary:
        temporary.write_text(json.dumps(summary, indent=2) + "\n")
