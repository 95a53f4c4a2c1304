"""The folder that a capture leaves: the takes of a clip, and what the summary says of the clip."""

from pathlib import Path

from core_model.take import Take
from core_model.take.writing import save_takes
from core_model.video.blender_copy import NAME as COPY_NAME
from core_model.video.clip import Video


def save_capture(
    folder: Path,
    scratch: Path,
    takes: list[Take],
    video: Video,
    warnings: list[str],
    seconds: dict[str, float],
) -> None:
    """Write takes and summary to `scratch`, then put them in the place of an earlier capture's.

    Only files that the earlier capture names are replaced or taken away, and the copy of a clip
    that was made for Blender. Where another file has the
    name of a take, the take gets the next free number, and a warning.

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
    about = {
        "video": str(video.path),
        "size": [video.width, video.height],
        "frame_rate": video.frame_rate,
        "sound_start": round(video.sound_start or 0.0, 6),
        "views": [
            {"video": view.video, "offset": round(view.offset, 6), **view.about["matched"]}
            for view in takes[0].views
        ],
        "stages": {stage: round(value, 3) for stage, value in seconds.items()},
    }
    save_takes(folder, scratch, takes, about, warnings, others=[COPY_NAME])
