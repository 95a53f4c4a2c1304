"""The next things of a stream made ready while the last ones are in use."""

import queue
import threading
from collections.abc import Generator, Iterable
from typing import TypeVar

T = TypeVar("T")


def prefetched(stream: Iterable[T], depth: int = 2) -> Generator[T, None, None]:
    """Yield what `stream` gives, read ahead by a thread, at most `depth` things.

    What goes wrong in the stream goes wrong here. The thread ends when this generator does.
    """
    ready: queue.Queue[tuple[bool, T | BaseException | None]] = queue.Queue(depth)
    stopped = threading.Event()

    def put(item: tuple[bool, T | BaseException | None]) -> bool:
        while not stopped.is_set():
            try:
                ready.put(item, timeout=0.1)
                return True
            except queue.Full:
                continue
        return False

    def read() -> None:
        try:
            for thing in stream:
                if not put((True, thing)):
                    return
            put((False, None))
        except BaseException as error:  # raised again by the one who waits
            put((False, error))

    thread = threading.Thread(target=read, name="prefetch", daemon=True)
    thread.start()
    try:
        while True:
            more, thing = ready.get()
            if more:
                yield thing  # type: ignore[misc]
            elif isinstance(thing, BaseException):
                raise thing
            else:
                return
    finally:
        stopped.set()
        thread.join()
