"""SIGTERM and SIGHUP end work as Ctrl-C does, so that nothing half-written is left."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

_SIGNALS = [
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)
]  # Windows has no SIGHUP


@dataclass
class Received:
    """Which signal came, if one did.

    Attributes
    ----------
    exit_code : int or None
        That a process ends with after it.
    """

    exit_code: int | None = None


@contextmanager
def stopped_by_signals() -> Iterator[Received]:
    """Let SIGTERM and SIGHUP raise `KeyboardInterrupt` in the block, once.

    What was ignored before (`nohup`) stays ignored. Nothing is done outside the main thread, where
    Python takes no signals.
    """
    received = Received()
    if threading.current_thread() is not threading.main_thread():
        yield received
        return
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    handled = [number for number in _SIGNALS if before[number] != signal.SIG_IGN]

    def stop(number: int, frame: FrameType | None) -> None:
        # The two often come together; a second one must not disturb the clearing away.
        for each in handled:
            signal.signal(each, signal.SIG_IGN)
        received.exit_code = 128 + number
        raise KeyboardInterrupt

    for number in handled:
        signal.signal(number, stop)
    try:
        yield received
    finally:
        for number in handled:
            # None: not set by Python, and so nothing that Python could set again.
            signal.signal(number, before[number] or signal.SIG_DFL)


@contextmanager
def held_back() -> Iterator[None]:
    """Let Ctrl-C and the signals wait for the end of the block: for steps that belong together."""
    numbers: list[int] = [signal.SIGINT, *_SIGNALS]
    if threading.current_thread() is not threading.main_thread():
        numbers = []
    handlers = {
        number: handler for number in numbers if callable(handler := signal.getsignal(number))
    }
    came: list[tuple[int, FrameType | None]] = []
    for number in handlers:
        signal.signal(number, lambda *about: came.append(about))
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for number, frame in came[:1]:
            handlers[number](number, frame)
