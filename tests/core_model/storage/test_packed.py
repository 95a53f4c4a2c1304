"""Packed bytes come out as they went in, and nothing grows without bounds."""

import bz2
import gzip
import lzma
import os
import zlib
from collections.abc import Callable

import pytest

from core_model.storage.packed import PackedError, unpacked

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "zlib": zlib.compress,
    "gzip": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "lzma": lambda data: lzma.compress(data, lzma.FORMAT_ALONE),
}
MOST = 2**30


@pytest.mark.parametrize("name", PACKERS)
def test_what_was_packed_comes_out(name):
    data = os.urandom(1_200_000) + bytes(1_000_000)
    packed = PACKERS[name](data)
    assert unpacked(packed, MOST) == data
    for cut in (packed[:-20], packed[: len(packed) // 2]):
        with pytest.raises(PackedError, match="cut off"):
            unpacked(cut, MOST)


@pytest.mark.parametrize("name", PACKERS)
def test_a_bomb_is_refused(name):
    with pytest.raises(PackedError, match="far more"):
        unpacked(PACKERS[name](bytes(34 * 2**20)), MOST)


def test_the_most_that_is_wanted_is_the_most_that_comes():
    packed = zlib.compress(bytes(2**20))
    assert len(unpacked(packed, 2**20)) == 2**20
    with pytest.raises(PackedError, match="far more"):
        unpacked(packed, 2**20 - 1)


def test_what_is_not_packed_is_itself_and_lz4_says_what_to_do():
    assert unpacked(b"\x80\x04N.", MOST) == b"\x80\x04N."
    with pytest.raises(PackedError, match="compress=3"):
        unpacked(b"\x04\x22\x4d\x18 and so on", MOST)
