"""Documents of the right shape with wrong values, by hypothesis, which shrinks what it finds."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.fuzz.changes import ODD, changed
from tests.fuzz.target import Batch
from tests.fuzz.trial import name_of

_ALWAYS = settings(
    deadline=None,
    database=None,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True)
class Structured:
    """Changes samples that are trees of tables, lists, numbers, texts and arrays.

    Parameters
    ----------
    packer : callable
        Makes a file of a tree.
    odd : strategy
        What may stand in the place of anything.
    """

    packer: Callable[[Any], bytes]
    odd: st.SearchStrategy[Any] = ODD
    name: str = "hypothesis"

    def loading(self) -> AbstractContextManager[Any]:
        """Surround the first import of what reads."""
        return nullcontext()

    def pack(self, sample: Any) -> bytes:
        """Return a tree as a file."""
        return self.packer(sample)

    def run(
        self, samples: Sequence[Any], give: Callable[[bytes], Exception | None], batch: Batch
    ) -> None:
        """Give files to a reader; see `Engine`."""

        faults: list[Exception] = []

        def one(data: bytes) -> None:
            error = give(data)
            if error is not None and name_of(error) not in batch.known:
                faults.append(error)
                raise error

        test = settings(_ALWAYS, max_examples=batch.count)(given(self._files(samples))(one))
        try:
            seed(batch.seed)(test)()
        except Exception:  # hypothesis raises the fault itself, of whatever kind
            if not faults:  # of which `give` has told
                raise

    def check(self, samples: Sequence[Any], read: Callable[[bytes], object], count: int) -> None:
        """Give some files to a reader, always the same; what it raises is raised, shrunk."""

        def one(data: bytes) -> None:
            read(data)

        always = settings(_ALWAYS, max_examples=count, derandomize=True)
        always(given(self._files(samples))(one))()

    def _files(self, samples: Sequence[Any]) -> st.SearchStrategy[bytes]:
        return st.one_of([changed(each, self.odd) for each in samples]).map(self.packer)
