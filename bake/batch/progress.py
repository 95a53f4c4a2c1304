"""What a batch shows while it runs: bars in a terminal, plain lines elsewhere."""

import importlib.util
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from bake.batch.run import Event
from core_model.engine.forecast import BAKE, CAPTURE, Forecast

_WORDS = {"again": "will be tried again", "elsewhere": "another run has it"}


class Display(Protocol):
    """Listens to a batch."""

    def tell(self, event: Event) -> None:
        """Show what happened to a clip."""


@contextmanager
def display(names: Sequence[str], known: int) -> Iterator[Display]:
    """Give what fits: bars where standard error is a terminal, and lines where it is not.

    Parameters
    ----------
    names : sequence of str
        Of the clips that are to be done.
    known : int
        How many are settled already.
    """
    # Blender's Python may be without tqdm, where the engine is another Python.
    if not sys.stderr.isatty() or importlib.util.find_spec("tqdm") is None:
        yield _Lines()
        return
    bars = _Bars(names, known)
    try:
        yield bars
    finally:
        bars.close()


class _Lines:
    def tell(self, event: Event) -> None:
        if event.what != "step":
            print(_line(event), file=sys.stderr, flush=True)


class _Bars:
    """A bar for all clips and one below it for each that is under way."""

    def __init__(self, names: Sequence[str], known: int) -> None:
        from tqdm import tqdm

        self._tqdm = tqdm
        self._width = max(map(len, names), default=0)
        self._whole = tqdm(total=len(names) + known, initial=known, unit="clip", desc="clips")
        self._clips: dict[str, tuple[Any, Forecast]] = {}

    def tell(self, event: Event) -> None:
        if event.what == "step" and event.step:
            bar, forecast = self._clips[event.name]
            now = time.monotonic()
            forecast.hear(event.step, now)
            bar.n = forecast.at(now).share
            bar.set_postfix_str(event.step.stage)
            return
        self._take_away(event.name)
        if event.what == "begun":
            bar = self._tqdm(
                total=1.0,
                desc=event.name.ljust(self._width),
                leave=False,
                bar_format="{desc} {percentage:3.0f}%|{bar}| {elapsed}<{remaining} {postfix}",
            )
            self._clips[event.name] = bar, Forecast([*CAPTURE, BAKE], time.monotonic())
            return
        self._tqdm.write(_line(event), file=sys.stderr)
        if event.what != "again":
            self._whole.update()

    def close(self) -> None:
        for name in list(self._clips):
            self._take_away(name)
        self._whole.close()

    def _take_away(self, name: str) -> None:
        if name in self._clips:
            self._clips.pop(name)[0].close()


def _line(event: Event) -> str:
    line = f"{event.name}: {_WORDS.get(event.what, event.what)}"
    if event.outcome and event.outcome.sentence:
        return f"{line}: {event.outcome.sentence}"
    return f"{line} in {event.outcome.seconds:.0f} s" if event.outcome else line
