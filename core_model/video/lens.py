"""The lens that a phone says it filmed with: a number in the metadata of its MP4 or MOV files.

Apple's phones write the focal length that would see as much on film of 36 x 24 mm, in a list of
keys and values ('meta' with 'keys' and 'ilst': QuickTime File Format, "Metadata"), of the whole
file or of the video's own track. FFmpeg hands on neither.
"""

import math
import os
import struct
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO

_KEY = b"com.apple.quicktime.camera.focal_length.35mm_equivalent"
_FILM_DIAGONAL = math.hypot(36.0, 24.0)  # mm
_PLAUSIBLE = 8.0, 800.0  # mm
_MOST_BYTES = 2**20  # of a list of keys and values
_MOST_BOXES = 1024  # that are looked at beside each other
_MOST_TRACKS = 32
_TEXT, _SIGNED, _UNSIGNED = 1, 21, 22
_NUMBERS = {
    23: ">f", 24: ">d", 65: ">b", 66: ">h", 67: ">i", 74: ">q", 75: ">B", 76: ">H", 77: ">I",
    78: ">Q",
}  # fmt: skip
"""How the well-known types of a value are packed that have a fixed length."""

Box = tuple[bytes, int, int]
"""Kind of a box (an "atom"), and where in the file its content begins and ends."""


def told_focal(path: Path, width: int, height: int) -> float | None:
    """Return the focal length that a clip says it was filmed with, pixels; None if it says none.

    It is 35 mm film's by the diagonal, as cameras tell it of pictures of any shape (CIPA DCG-001).
    What a phone cuts off to steady a picture may not be in it. A damaged file tells nothing, and
    never raises.

    Parameters
    ----------
    path : Path
        A file of any kind.
    width, height : int
        Of its picture in pixels.
    """
    try:
        with open(path, "rb") as file:
            whole = (b"", 0, os.fstat(file.fileno()).st_size)
            for value in _told(file, whole):
                if value is not None and _PLAUSIBLE[0] <= value <= _PLAUSIBLE[1]:
                    return value / _FILM_DIAGONAL * math.hypot(width, height)
    except OSError:
        pass
    return None


def _told(file: BinaryIO, whole: Box) -> Iterator[float | None]:
    """Yield what the lists of a file say: those of its tracks with pictures, then that of all."""
    for movie in _inside(file, whole, b"moov"):
        for track in islice(_inside(file, movie, b"trak"), _MOST_TRACKS):
            if _shows_pictures(file, track):
                for listed in _inside(file, track, b"meta"):
                    yield _value(_content(file, listed))
        for listed in _inside(file, movie, b"meta"):
            yield _value(_content(file, listed))


def _inside(file: BinaryIO, outer: Box, kind: bytes) -> Iterator[Box]:
    """Yield the boxes of a kind directly in another."""
    _, place, end = outer
    for _ in range(_MOST_BOXES):
        if place + 8 > end:
            return
        file.seek(place)
        header = file.read(16)
        if len(header) < 8:
            return
        size, begin = int.from_bytes(header[:4], "big"), place + 8
        if size == 1:
            size, begin = int.from_bytes(header[8:16], "big"), place + 16
        elif size == 0:
            size = end - place
        if size < begin - place or place + size > end:
            return
        if header[4:8] == kind:
            yield kind, begin, place + size
        place += size


def _shows_pictures(file: BinaryIO, track: Box) -> bool:
    """Tell whether a track holds a video: its media's handler is "vide"."""
    for media in _inside(file, track, b"mdia"):
        for handler in _inside(file, media, b"hdlr"):
            return _content(file, handler)[8:12] == b"vide"
    return False


def _content(file: BinaryIO, box: Box) -> bytes:
    """Return what is in a box; nothing where that is too much."""
    _, begin, end = box
    if end - begin > _MOST_BYTES:
        return b""
    file.seek(begin)
    return file.read(end - begin)


def _value(listed: bytes) -> float | None:
    """Return what a list of keys and values says of the lens, None if nothing."""
    # QuickTime's own 'meta' holds boxes at once, that of ISO 14496-12 four bytes before them.
    for skipped in (0, 4):
        parts = dict(_boxes(listed[skipped:]))
        if b"keys" in parts and b"ilst" in parts:
            break
    else:
        return None
    number = None
    for count, (_, key) in enumerate(_boxes(parts[b"keys"][8:]), start=1):
        if key == _KEY:
            number = count.to_bytes(4, "big")
    for index, item in _boxes(parts[b"ilst"]):
        if index == number:
            for kind, data in _boxes(item):
                if kind == b"data" and len(data) > 8:
                    return _number(int.from_bytes(data[:4], "big"), data[8:])
    return None


def _boxes(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield kind and content of the boxes in a few bytes, up to where they make no sense."""
    place = 0
    while place + 8 <= len(content):
        size = int.from_bytes(content[place : place + 4], "big")
        if size < 8 or place + size > len(content):
            return
        yield content[place + 4 : place + 8], content[place + 8 : place + size]
        place += size


def _number(kind: int, data: bytes) -> float | None:
    """Return the number that a value of a well-known type is."""
    try:
        if kind == _TEXT:
            return float(data.decode())
        if kind in (_SIGNED, _UNSIGNED) and len(data) <= 8:
            return float(int.from_bytes(data, "big", signed=kind == _SIGNED))
        return float(struct.unpack(_NUMBERS[kind], data)[0])
    except (KeyError, ValueError, struct.error):
        return None
