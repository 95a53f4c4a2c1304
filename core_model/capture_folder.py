"""The folder that a capture leaves: the takes of a clip, and what the summary says of the clip."""

from collections.abc import Sequence
from pathlib import Path

from core_model.take.view import View
from core_model.take.writing import TakeToWrite, save_takes
from core_model.video.blender_copy import NAME as COPY_NAME
from core_model.video.clip import Video


def save_capture(
    folder: Path,
    scratch: Path,
    takes: Sequence[TakeToWrite],
    video: Video,
    warnings: list[str],
    seconds: dict[str, float],
    views: Sequence[View] = (),
    notes: Sequence[str] = (),
) -> None:
    """Write takes and summary to `scratch`, then put them in the place of an earlier capture's.

    Only files that the earlier capture names are replaced or taken away, and the copy of a clip
    that was made for Blender. Where another file has the
    name of a take, the take gets the next free number, and a warning.

    Parameters
    ----------
    folder, scratch : Path
        The capture folder, and a folder inside it.
    takes : sequence of Take, or of what is written like one
    video : Video
    warnings : list of str
        Sentences for the user.
    seconds : dict
        Time spent by stage.
    views : sequence of View
        Other cameras that filmed the same.
    notes : sequence of str
        Sentences for the user about what nothing is wrong with.

    Raises
    ------
    OutputError
        When a file cannot be written; what was there before is still there then.
    """
    about = {
        "video": str(video.path),
        "size": [video.width, video.height],
        "frame_rate": video.frame_rate,
        "sound_start": round(video.sound_start or 0.0, 6),
        "views": [
            {"video": view.video, "offset": round(view.offset, 6), **view.about["matched"]}
            for view in views
        ],
        "notes": list(notes),
        "stages": {stage: round(value, 3) for stage, value in seconds.items()},
    }
    save_takes(folder, scratch, takes, about, warnings, others=[COPY_NAME])
