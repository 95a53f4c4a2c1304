"""Bytes changed by chance: for decoders, which atheris cannot look into."""

import random
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from tests.fuzz.target import Batch

_NUMBERS = (b"\x00" * 8, b"\xff" * 8, b"\xff\xff\xff\x7f", b"\x00\x00\x00\x80", b"\x01")


class Damaged:
    """Flips bits, cuts, doubles, and exchanges parts of whole files."""

    name = "chance"

    def loading(self) -> AbstractContextManager[Any]:
        """Surround the first import of what reads."""
        return nullcontext()

    def pack(self, sample: bytes) -> bytes:
        """Return a sample as it is."""
        return sample

    def run(
        self, samples: Sequence[bytes], give: Callable[[bytes], Exception | None], batch: Batch
    ) -> None:
        """Give files to a reader; see `Engine`."""
        chance = random.Random(batch.seed)
        for _ in range(batch.count):
            give(damaged(chance.choice(samples), samples, chance))


def damaged(data: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """Return a file that is wrong in one or several places.

    Parameters
    ----------
    data : bytes
        A whole file.
    others : sequence of bytes
        Files to take parts from.
    chance : random.Random
        Decides; the same one gives the same file.
    """
    for _ in range(chance.choice((1, 1, 1, 2, 4, 16))):
        # What describes a file stands at its beginning or its end.
        reach = chance.choice((64, 512, len(data) or 1))
        place = min(chance.randrange(reach), len(data))
        if chance.random() < 0.3:
            place = len(data) - place
        match chance.randrange(7):
            case 0 if data:
                at = min(place, len(data) - 1)
                data = data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]
            case 1:
                number = chance.choice(_NUMBERS)
                data = data[:place] + number + data[place + len(number) :]
            case 2:
                data = data[:place] + data[place + chance.randrange(1, 200) :]
            case 3:
                data = data[:place] + data[place : place + chance.randrange(1, 200)] + data[place:]
            case 4:
                other = chance.choice(others)
                begin = chance.randrange(len(other) or 1)
                data = data[:place] + other[begin : begin + 300] + data[place:]
            case 5 if chance.random() < 0.5:
                data = data[:place]
            case _:
                data = data[:place] + chance.randbytes(chance.randrange(1, 40)) + data[place:]
    return data
