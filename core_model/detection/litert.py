"""Load a BlazePose network into LiteRT and run it."""

from collections.abc import Callable, Collection
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from core_model.assets.fetch_pose_models import POSE_FOLDER
from core_model.detection.pruning import pruned
from core_model.engine.side_by_side import cores
from core_model.errors import AssetError

THREADS = 2
"""So many a network uses that has the processor to itself; threads of one network spend much of
their time waiting for each other, so that one each is better for networks that run at once."""

_HALF, _IGNORED = b"reduced_precision_support", b"reduced_precision_ignored"
"""By the first in its metadata, a network is calculated in half precision where the processor can,
and its landmarks are others there, by 0.2 pixels on average."""


def on_all_threads() -> int:
    """Return how many threads a network uses that has all of the capture's cores to itself."""
    return min(THREADS, cores())


class PoseModel:
    """One network: a picture in, arrays by name out, the same to the bit on any number of threads.

    Parameters
    ----------
    name : str
        File in `core_model/assets/pose/`.
    outputs : collection of str
        Names of those that are of use; what leads only to others is not calculated.
    folder : Path
        Where it is, if not there.
    threads : callable
        Asked before each run on how many threads it is to be.

    Raises
    ------
    AssetError
        When the file is missing or damaged.
    """

    def __init__(
        self,
        name: str,
        outputs: Collection[str],
        folder: Path = POSE_FOLDER,
        threads: Callable[[], int] = on_all_threads,
    ) -> None:
        path = folder / name
        if not path.is_file():
            raise AssetError(
                f"The pose model {path} is missing: run "
                "`python -m core_model.assets.fetch_pose_models`."
            )
        content = path.read_bytes().replace(_HALF, _IGNORED)
        self._threads = threads
        self._loaded: dict[int, Interpreter] = {}
        try:
            Interpreter(model_content=content)  # what it refuses is no network to be pruned
            self._content = pruned(content, outputs)
            interpreter = self._on(threads())
        except (ValueError, RuntimeError) as error:
            raise AssetError(
                f"The pose model {path} is damaged: delete it and run setup."
            ) from error
        self._input = interpreter.get_input_details()[0]["index"]
        self._outputs = {
            detail["name"]: detail["index"] for detail in interpreter.get_output_details()
        }

    def __call__(self, picture: np.ndarray) -> dict[str, np.ndarray]:
        """Run on `picture` (H, W, 3) float32 of the network's own size; outputs lose the batch."""
        interpreter = self._on(self._threads())
        interpreter.set_tensor(self._input, picture[None])
        interpreter.invoke()
        return {name: interpreter.get_tensor(index)[0] for name, index in self._outputs.items()}

    def _on(self, threads: int) -> Interpreter:
        """Return the network on so many threads, which is loaded when it is asked for first."""
        if threads not in self._loaded:
            interpreter = Interpreter(model_content=self._content, num_threads=threads)
            interpreter.allocate_tensors()
            self._loaded[threads] = interpreter
        return self._loaded[threads]
