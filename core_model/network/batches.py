"""A network applied to many frames, in batches as large as the memory allows."""

from collections.abc import Callable

import torch
from torch import Tensor


class Batches:
    """Applies a function to batches; when the memory runs out, to smaller ones from then on.

    Parameters
    ----------
    function : callable
        Maps (N, ...) to (N, ...), each row on its own.
    warn : callable
        Is told once per halving, in a sentence.
    """

    def __init__(self, function: Callable[[Tensor], Tensor], warn: Callable[[str], None]) -> None:
        self._function, self._warn = function, warn
        self._most: int | None = None

    def __call__(self, rows: Tensor) -> Tensor:
        """Apply the function to rows (N, ...).

        Raises
        ------
        RuntimeError
            When not even a single row fits.
        """
        try:
            parts = rows.split(self._most or max(len(rows), 1))
            return torch.cat([self._function(part) for part in parts])
        except RuntimeError as error:
            most = min(self._most or len(rows), len(rows))
            if not _out_of_memory(error) or most <= 1:
                raise
            self._most = most // 2
        # Outside the handler, so that what the failed attempt held is free again.
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        self._warn(f"Memory ran out with {most} pictures at a time: going on with {self._most}.")
        return self(rows)


def _out_of_memory(error: RuntimeError) -> bool:
    # On the processor it is a plain RuntimeError that only its text tells from others.
    told = ("allocate memory", "out of memory", "not enough memory")
    return isinstance(error, torch.OutOfMemoryError) or any(words in str(error) for words in told)
