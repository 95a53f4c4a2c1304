"""Performances that several cameras filmed, with the truth of people, cameras and clocks."""

from dataclasses import dataclass
from pathlib import Path

from core_model.take import Take
from train.evaluate.benchmarks import BenchmarkError
from train.places import VIEWS_FOLDER
from train.rendering.filmed_views import Clap, FilmedView, read_views


@dataclass(frozen=True)
class ViewClip:
    """One performance.

    Parameters
    ----------
    name : str
    views : tuple of FilmedView
        The first is the one that the others are told from.
    takes : tuple of Take
        The truth of everybody, in the world that the cameras stand in, on the clock of the
        performance.
    claps : tuple of Clap
        What is heard in the views with sound, each as late as it takes from there to the camera.
    """

    name: str
    views: tuple[FilmedView, ...]
    takes: tuple[Take, ...]
    claps: tuple[Clap, ...] = ()

    @property
    def paths(self) -> list[Path]:
        """The clips, in the order of the views."""
        return [view.video for view in self.views]

    @property
    def offsets(self) -> list[float]:
        """When each clip starts, seconds after the first one does."""
        return [view.start - self.views[0].start for view in self.views]


def view_clips(folder: Path = VIEWS_FOLDER) -> list[ViewClip]:
    """Return the performances of which all clips are there.

    Raises
    ------
    BenchmarkError
        When there are none.
    """
    clips = []
    for path in sorted(folder.glob("[!.]*.json")):
        views, claps = read_views(path)
        takes = [Take.load(each) for each in sorted(folder.glob(f"{path.stem}_??.npz"))]
        if takes and all(view.video.exists() for view in views):
            clips.append(ViewClip(path.stem, tuple(views), tuple(takes), tuple(claps)))
    if not clips:
        raise BenchmarkError(f"There are no clips in {folder}. Make them: make rendered-views")
    return clips
