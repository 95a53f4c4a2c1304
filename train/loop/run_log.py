"""What a run leaves to be read: `log.csv` in its folder, and TensorBoard's files if wanted."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from core_model.errors import MocapError
from core_model.storage.atomic import replaced_when_complete

_COLUMNS = ("kind", "step", "minutes", "name", "value")


class RunLog:
    """Numbers by name along a run, and pictures for TensorBoard.

    Parameters
    ----------
    folder : Path
        That of the run; it must be there.
    tensorboard : bool
        Write for TensorBoard too.

    Raises
    ------
    MocapError
        When TensorBoard is wanted and not installed.
    """

    def __init__(self, folder: Path, tensorboard: bool = False) -> None:
        self._path = folder / "log.csv"
        self._board: Any = None
        if tensorboard:
            try:
                from torch.utils.tensorboard import SummaryWriter
            except ImportError as error:
                raise MocapError(
                    "TensorBoard is wanted (run.tensorboard), but not installed: "
                    "pip install tensorboard."
                ) from error
            self._board = SummaryWriter(str(folder))

    def go_on_after(self, step: int) -> None:
        """Leave out what stands there of later steps: of another run, or of one that is repeated.

        Parameters
        ----------
        step : int
            After which the run goes on; 0 begins anew.
        """
        if not self._path.exists():
            return
        with self._path.open(newline="", encoding="utf-8") as file:
            kept = [row for row in csv.DictReader(file) if int(row["step"]) <= step]
        with replaced_when_complete(self._path) as temporary:
            with temporary.open("w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, _COLUMNS)
                writer.writeheader()
                writer.writerows(kept)

    def write(self, kind: str, step: int, seconds: float, report: Mapping[str, float]) -> None:
        """Add numbers.

        Parameters
        ----------
        kind : str
            Of what they are: `train`, `validation`.
        step : int
        seconds : float
            That the run has taken.
        report : mapping of str to float
        """
        new = not self._path.exists()
        with self._path.open("a", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            if new:
                writer.writerow(_COLUMNS)
            for name, value in report.items():
                writer.writerow((kind, step, f"{seconds / 60:.2f}", name, repr(float(value))))
        if self._board is not None:
            for name, value in report.items():
                self._board.add_scalar(f"{kind}/{name}", value, step)
            self._board.flush()

    @property
    def shows_pictures(self) -> bool:
        """Whether pictures are of any use."""
        return self._board is not None

    def show(self, name: str, step: int, pictures: np.ndarray) -> None:
        """Give pictures (N, H, W, 3) uint8 to TensorBoard."""
        if self._board is not None:
            self._board.add_images(name, pictures, step, dataformats="NHWC")
            self._board.flush()
