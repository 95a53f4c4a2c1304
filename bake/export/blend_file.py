"""Whether a .blend that Blender says it has saved is there to its end.

What Blender compresses it does not count when the disk is full: it reports a file as saved of which
only the beginning was written. The table at the end of such a file, of Zstandard's seekable format,
says how long all of it is.
"""

import struct
from pathlib import Path

_COMPRESSED, _SEEKABLE = b"\x28\xb5\x2f\xfd", b"\xb1\xea\x92\x8f"
_FOOTER = struct.Struct("<IB4s")  # frames, what each entry holds, magic number
_ENTRY = struct.Struct("<II")  # bytes of a frame, compressed and not
_HEAD = 8  # bytes before the entries
_END = b"ENDB"
_LAST_BLOCKS = (20, 24, 32)  # bytes of the last one, which is a head alone


def is_whole(path: Path) -> bool:
    """Tell whether a .blend is as long as it says, compressed or not.

    Raises
    ------
    OSError
        When it cannot be read.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        compressed = file.read(len(_COMPRESSED)) == _COMPRESSED
        file.seek(max(size - (_FOOTER.size if compressed else max(_LAST_BLOCKS)), 0))
        last = file.read()
        if not compressed:
            return any(last[-length:].startswith(_END) for length in _LAST_BLOCKS)
        if len(last) < _FOOTER.size:
            return False
        frames, _, magic = _FOOTER.unpack(last)
        table = frames * _ENTRY.size + _FOOTER.size
        if magic != _SEEKABLE or table + _HEAD > size:
            return False
        file.seek(size - table)
        entries = _ENTRY.iter_unpack(file.read(frames * _ENTRY.size))
        return sum(each for each, _ in entries) + _HEAD + table == size
