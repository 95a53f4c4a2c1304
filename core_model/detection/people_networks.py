"""The two networks that find people: one in a whole picture, one in the region of each."""

from collections.abc import Callable
from typing import NamedTuple

from core_model.detection.detector import Detector
from core_model.detection.landmarker import Landmarker
from core_model.detection.litert import on_all_threads
from core_model.detection.qualities import BEST


class PeopleNetworks(NamedTuple):
    """The networks that find people.

    Parameters
    ----------
    detector : Detector
    landmarker : Landmarker
    """

    detector: Detector
    landmarker: Landmarker

    @classmethod
    def load(
        cls, quality: str = BEST, threads: Callable[[], int] = on_all_threads
    ) -> "PeopleNetworks":
        """Load them.

        Parameters
        ----------
        quality : str
            One of `core_model.detection.qualities.MODELS`.
        threads : callable
            Asked before each look at a person on how many threads that network is to run.

        Raises
        ------
        AssetError
            When a model is missing or damaged.
        """
        return cls(Detector(), Landmarker(quality, threads))
