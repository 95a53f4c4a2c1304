"""What phones write of their lens into MP4 and MOV files."""

import struct
from pathlib import Path

NAME = b"com.apple.quicktime.camera.focal_length.35mm_equivalent"
OTHERS = [b"com.apple.quicktime.camera.lens_model", b"com.apple.quicktime.location.ISO6709"]


def box(kind: bytes, *content: bytes) -> bytes:
    joined = b"".join(content)
    return struct.pack(">I", 8 + len(joined)) + kind + joined


def handler(kind: bytes) -> bytes:
    return box(b"hdlr", bytes(8), kind, bytes(13))


def listed(kind: int, value: bytes, *, iso: bool = False) -> bytes:
    """Return a 'meta' as phones write it: the lens between other keys."""
    keys = [OTHERS[0], NAME, OTHERS[1]]
    values = [(1, b"back camera"), (kind, value), (1, b"+52.5+013.4/")]
    items = [
        box(struct.pack(">I", number), box(b"data", struct.pack(">II", sort, 0), told))
        for number, (sort, told) in enumerate(values, start=1)
    ]
    return box(
        b"meta",
        bytes(4 if iso else 0),
        handler(b"mdta"),
        box(b"keys", bytes(4), struct.pack(">I", 3), *(box(b"mdta", key) for key in keys)),
        box(b"ilst", *items),
    )


def with_lens(path: Path, millimetres: int) -> Path:
    """Let a file that PyAV wrote say with which lens it was filmed."""
    content = bytearray(path.read_bytes())
    begin = content.index(b"moov") - 4
    (size,) = struct.unpack_from(">I", content, begin)
    assert begin + size == len(content), "the movie is the last box: nothing behind it moves"
    lens = listed(67, struct.pack(">i", millimetres))
    struct.pack_into(">I", content, begin, size + len(lens))
    path.write_bytes(content + lens)
    return path
