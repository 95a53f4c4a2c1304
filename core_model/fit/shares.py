"""Progress of a part as progress of the whole, in shares from 0 to 1."""

from collections.abc import Callable

Share = Callable[[float], None]
"""Is told the share that is done, 0 to 1."""


def untold(share: float) -> None:
    """Tell nobody."""


def part_of(whole: Share, begin: float, end: float) -> Share:
    """Return what a part tells its progress to, which is that from `begin` to `end` of the whole.

    Parameters
    ----------
    whole : callable
    begin, end : float
        Shares of the whole, 0 to 1.
    """
    return lambda share: whole(begin + share * (end - begin))
