"""The engine with shorter parts of long clips: `python -m tests.benchmarks.parts_worker FRAMES`.

It waits for its job as any spare worker does; only how long a part is differs from the product.
"""

import sys

from core_model import worker
from core_model.engine.spare import WAIT
from core_model.parts import following
from core_model.parts.following import Limits

_MANY = 10**9


def main() -> int:
    """Do the job that is handed over."""
    frames = int(sys.argv[1])
    # Before anybody reads them: they are what a capture takes if it is told nothing.
    following.WHOLE = Limits(2 * frames, _MANY)
    following.PARTS = Limits(frames, _MANY)
    return worker.main([WAIT])


if __name__ == "__main__":
    sys.exit(main())
