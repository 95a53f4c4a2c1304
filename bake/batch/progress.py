"""What a batch shows while it runs: bars in a terminal, plain lines elsewhere."""

import sys
import time
from collections.abc import Sequence
from types import TracebackType

from tqdm import tqdm

from bake.batch.run import Event
from core_model.engine.forecast import BAKE, CAPTURE, Forecast


class Display:
    """Listens to a batch.

    Parameters
    ----------
    names : sequence of str
        Of the clips that are to be done.
    known : int
        How many are settled already.
    """

    def __init__(self, names: Sequence[str], known: int) -> None:
        self._in_place = sys.stderr.isatty()
        self._width = max(map(len, names), default=0)
        self._whole = tqdm(
            total=len(names) + known,
            initial=known,
            unit="clip",
            desc="clips",
            disable=not self._in_place,
        )
        self._bars: dict[str, tuple[tqdm, Forecast]] = {}

    def __enter__(self) -> "Display":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for bar, _ in self._bars.values():
            bar.close()
        self._whole.close()

    def tell(self, event: Event) -> None:
        """Show what happened to a clip."""
        if event.what == "begun":
            self._begin(event.name)
        elif event.what == "step" and event.step:
            bar, forecast = self._bars[event.name]
            now = time.monotonic()
            forecast.hear(event.step, now)
            bar.n = forecast.at(now).share
            bar.set_postfix_str(event.step.stage)
        else:
            self._end(event)

    def _begin(self, name: str) -> None:
        self._close(name)
        bar = tqdm(
            total=1.0,
            desc=name.ljust(self._width),
            leave=False,
            disable=not self._in_place,
            bar_format="{desc} {percentage:3.0f}%|{bar}| {elapsed}<{remaining} {postfix}",
        )
        self._bars[name] = bar, Forecast([*CAPTURE, BAKE], time.monotonic())
        if not self._in_place:
            print(f"{name}: begun", file=sys.stderr, flush=True)

    def _end(self, event: Event) -> None:
        self._close(event.name)
        outcome = event.outcome
        words = {
            "again": "will be tried again",
            "elsewhere": "another run has it",
        }.get(event.what, event.what)
        line = f"{event.name}: {words}"
        if outcome and outcome.sentence:
            line += f": {outcome.sentence}"
        elif outcome:
            line += f" in {outcome.seconds:.0f} s"
        tqdm.write(line, file=sys.stderr)
        if event.what != "again":
            self._whole.update()

    def _close(self, name: str) -> None:
        if name in self._bars:
            self._bars.pop(name)[0].close()
