"""Bytes that were made smaller as a whole, as joblib does it, unpacked within bounds."""

import bz2
import lzma
import zlib
from collections.abc import Callable
from typing import Any

_STEP = 2**20
_ALWAYS_ALLOWED = 2**25
_HIGHEST_RATIO = 50
"""So much larger than the file may the contents be; see `core_model.storage.npz`."""

_UNPACKERS: dict[bytes, Callable[[], Any]] = {
    b"\x78": zlib.decompressobj,
    b"\x1f\x8b": lambda: zlib.decompressobj(wbits=31),
    b"BZh": bz2.BZ2Decompressor,
    b"\xfd7zXZ\x00": lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=2**28),
    b"\x5d\x00": lambda: lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=2**28),
}
_LZ4 = b"\x04\x22\x4d\x18"


class PackedError(Exception):
    """Packed bytes cannot be unpacked; its text goes on after the name of the file."""


def unpacked(data: bytes, most_bytes: int) -> bytes:
    """Return what is in a file: itself, or what it unpacks to.

    Parameters
    ----------
    data : bytes
        The whole file.
    most_bytes : int
        How large the result may be.

    Raises
    ------
    PackedError
        When it is damaged, or larger than it can honestly be.
    """
    if data.startswith(_LZ4):
        raise PackedError(
            "is packed with lz4, which is not read here; save it again with joblib.dump(..., "
            "compress=3)"
        )
    make = next((make for magic, make in _UNPACKERS.items() if data.startswith(magic)), None)
    if make is None:
        return data
    most = min(most_bytes, max(_ALWAYS_ALLOWED, _HIGHEST_RATIO * len(data)))
    try:
        return _unpacked(make(), data, most)
    except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError) as error:
        raise PackedError("cannot be unpacked") from error


def _unpacked(unpacker: Any, data: bytes, most: int) -> bytes:
    result = bytearray()
    for start in range(0, len(data), _STEP):
        result += unpacker.decompress(data[start : start + _STEP], most + 1 - len(result))
        if len(result) > most:
            raise PackedError("would unpack to far more than it should hold")
        if unpacker.eof:
            return bytes(result)
    raise PackedError("is cut off")
