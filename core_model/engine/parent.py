"""Ending with the process that started this one, whatever ends that."""

import _thread
import os
import signal
import stat
import threading
import time

ASKED = "INT_MOCAP_ENDS_WITH_STDIN"
"""Variable of the environment that asks a command to end when its standard input is closed."""

_GRACE = 0.8  # seconds from the parent's death until this process ends whatever it is doing
_TOLD_TO_END = 130


def end_with_parent() -> None:
    """End when the pipe to the standard input is closed; nothing is done if it is no pipe.

    The system closes it when the parent dies, also of SIGKILL and on every system. What runs is
    interrupted as by Ctrl-C, so that it takes away what is half made.
    """
    if not stat.S_ISFIFO(os.fstat(0).st_mode):
        return
    pipe = standard_input_aside()

    def watch() -> None:
        while os.read(pipe, 1024):
            pass
        _interrupt()
        time.sleep(_GRACE)
        os._exit(_TOLD_TO_END)

    threading.Thread(target=watch, daemon=True).start()


def standard_input_aside() -> int:
    """Return the standard input as another file descriptor; in its place there is nothing to read.

    On Windows whoever asks about a pipe that is being read waits for it; libraries do ask.
    """
    pipe = os.dup(0)
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, 0)
    os.close(nowhere)
    return pipe


def _interrupt() -> None:
    """Let the main thread be interrupted as by Ctrl-C, also where it waits for something."""
    main = threading.main_thread().ident
    if callable(signal.getsignal(signal.SIGINT)) and hasattr(signal, "pthread_kill") and main:
        signal.pthread_kill(main, signal.SIGINT)
    else:
        _thread.interrupt_main()


def end_with_parent_if_asked() -> None:
    """Do so where whoever started this process asks for it; a pipe alone may be a shell's."""
    if os.environ.pop(ASKED, ""):
        end_with_parent()
