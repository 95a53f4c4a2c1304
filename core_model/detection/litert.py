"""Load a BlazePose network into LiteRT and run it."""

from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from core_model.assets.fetch_pose_models import POSE_FOLDER
from core_model.engine.side_by_side import cores
from core_model.errors import AssetError

THREADS = 2
_HALF, _IGNORED = b"reduced_precision_support", b"reduced_precision_ignored"
"""By the first in its metadata, a network is calculated in half precision where the processor can,
and its landmarks are others there, by 0.2 pixels on average."""


class PoseModel:
    """One network: a picture in, arrays by name out.

    Parameters
    ----------
    name : str
        File in `core_model/assets/pose/`.
    folder : Path
        Where it is, if not there.
    threads : int
        At most; no more than the capture has of the processor. Small networks are faster on one.

    Raises
    ------
    AssetError
        When the file is missing or damaged.
    """

    def __init__(self, name: str, folder: Path = POSE_FOLDER, threads: int = THREADS) -> None:
        path = folder / name
        if not path.is_file():
            raise AssetError(
                f"The pose model {path} is missing: run "
                "`python -m core_model.assets.fetch_pose_models`."
            )
        try:
            content = path.read_bytes().replace(_HALF, _IGNORED)
            self._interpreter = Interpreter(
                model_content=content, num_threads=min(threads, cores())
            )
            self._interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise AssetError(
                f"The pose model {path} is damaged: delete it and run setup."
            ) from error
        self._input = self._interpreter.get_input_details()[0]["index"]
        self._outputs = {
            detail["name"]: detail["index"] for detail in self._interpreter.get_output_details()
        }

    def __call__(self, picture: np.ndarray) -> dict[str, np.ndarray]:
        """Run on `picture` (H, W, 3) float32 of the network's own size; outputs lose the batch."""
        self._interpreter.set_tensor(self._input, picture[None])
        self._interpreter.invoke()
        return {
            name: self._interpreter.get_tensor(index)[0] for name, index in self._outputs.items()
        }
