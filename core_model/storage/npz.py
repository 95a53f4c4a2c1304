"""Arrays of an `.npz`, read within bounds that are known before anything is unpacked.

An `.npz` is a zip of `.npy` files. Both say in a few bytes how large their contents are, and both
may lie: nothing is believed that the file has no room for. Python objects are never read.
"""

import io
import math
import stat
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np

_KINDS_READ = "fiubUS"  # numbers, truth values and texts
_SUFFIX = ".npy"
_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others unpack without a limit
_LARGEST_READ = 2**18  # a zip's list of contents is read at once, some 3000 names here
_LONGEST_HEADER = 1024
_ALWAYS_ALLOWED = 2**25
_HIGHEST_RATIO = 50
"""So much larger than the file may the arrays be: noise of sensors hardly gets smaller at all, and
deflate reaches 1000 with zeros only."""


class NpzError(Exception):
    """A file is no `.npz`, damaged or too large; its text goes on after the name of the file."""


class _Header(NamedTuple):
    shape: tuple[int, ...]
    by_column: bool
    dtype: np.dtype[Any]

    @property
    def bytes(self) -> int:
        return math.prod(self.shape) * self.dtype.itemsize


class _SmallReads(io.BufferedReader):
    """A file that gives a little at a time, whatever size somebody claims."""

    def read(self, size: int | None = -1, /) -> bytes:
        wanted = _LARGEST_READ if size is None or size < 0 else size
        if wanted > _LARGEST_READ:
            raise NpzError("lists more contents than any such file has")
        return super().read(wanted)


def names_in_npz(path: Path) -> set[str]:
    """Return the names of the arrays in a file; none of them is unpacked.

    Raises
    ------
    NpzError
        When it is no `.npz`.
    OSError
        When the file cannot be opened.
    """
    with archive_of(path) as archive:
        return {name.removesuffix(_SUFFIX) for name in archive.namelist() if name.endswith(_SUFFIX)}


def read_npz(path: Path, wanted: Collection[str], most_bytes: int) -> dict[str, np.ndarray]:
    """Read some arrays of a file; the others are not even looked at.

    Parameters
    ----------
    path : Path
    wanted : collection of str
        Names of arrays; those that are not there, or hold anything but numbers, truth values and
        texts, are left out of the result.
    most_bytes : int
        How much all wanted arrays may take together.

    Raises
    ------
    NpzError
        When it is no `.npz`, damaged, or larger than allowed.
    OSError
        When the file cannot be opened.
    """
    with archive_of(path) as archive:
        found = {
            name: archive.NameToInfo[name + _SUFFIX]
            for name in wanted
            if name + _SUFFIX in archive.NameToInfo
        }
        headers = {}
        for name, info in found.items():
            with member_of(archive, info) as member:
                header = _read_header(member)
            if header.dtype.kind not in _KINDS_READ:
                continue
            if header.bytes > info.file_size:
                raise NpzError("claims arrays that are larger than what is in it")
            headers[name] = header
        total = sum(header.bytes for header in headers.values())
        if total > min(most_bytes, _allowed_in(path)):
            raise NpzError("would unpack to far more than it should hold")
        arrays = {}
        for name, header in headers.items():
            with member_of(archive, found[name]) as member:
                _read_header(member)
                arrays[name] = _read_array(member, header)
        return arrays


def read_pickled(path: Path, name: str, most_bytes: int) -> bytes | None:
    """Return the pickle that an array of Python objects is; None if there is no such array.

    Parameters
    ----------
    path : Path
    name : str
        Of the array.
    most_bytes : int
        How large the pickle may be.

    Raises
    ------
    NpzError
        When it is no `.npz`, damaged, or larger than allowed.
    OSError
        When the file cannot be opened.
    """
    with archive_of(path) as archive:
        info = archive.NameToInfo.get(name + _SUFFIX)
        if info is None:
            return None
        if info.file_size > min(most_bytes, _allowed_in(path)):
            raise NpzError("would unpack to far more than it should hold")
        with member_of(archive, info) as member:
            if _read_header(member).dtype.kind != "O":
                return None
            return read_all(member, info.file_size)


def read_npy(data: bytes) -> np.ndarray | int:
    """Return the array that the bytes of an `.npy` are, or where in them its pickle begins.

    Raises
    ------
    NpzError
        When it is damaged.
    """
    file = io.BytesIO(data)
    try:
        header = _read_header(file)
    except ValueError as error:
        raise NpzError("begins an array as numpy never does") from error
    start = file.tell()
    if header.dtype.kind == "O":
        return start
    if header.dtype.kind not in _KINDS_READ or header.bytes > len(data) - start:
        raise NpzError("claims arrays that are larger than what is in it")
    order: Any = "F" if header.by_column else "C"
    return np.ndarray(header.shape, header.dtype, data, start, order=order)


def write_npz(path: Path, arrays: Mapping[str, Any]) -> None:
    """Write arrays so that `read_npz` reads them: compressed, unless hardly anything is left.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    plain = {name: np.asanyarray(array) for name, array in arrays.items()}
    _pack(path, plain, zipfile.ZIP_DEFLATED)
    if sum(array.nbytes for array in plain.values()) > _allowed_in(path):
        _pack(path, plain, zipfile.ZIP_STORED)


def write_npz_in_pieces(
    path: Path,
    arrays: Mapping[str, Any],
    in_pieces: Mapping[str, tuple[tuple[int, ...], np.dtype[Any], Iterable[bytes]]],
) -> None:
    """Write arrays, compressed, of which some come piece by piece and are never in memory.

    Parameters
    ----------
    path : Path
    arrays : mapping
    in_pieces : mapping
        Shape, type, and bytes by row, of further arrays.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in arrays.items():
            with archive.open(name + _SUFFIX, "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.asanyarray(array), allow_pickle=False)
        for name, (shape, dtype, pieces) in in_pieces.items():
            descr = np.lib.format.dtype_to_descr(dtype)
            header = {"descr": descr, "fortran_order": False, "shape": shape}
            with archive.open(name + _SUFFIX, "w", force_zip64=True) as member:
                np.lib.format.write_array_header_1_0(member, header)
                for piece in pieces:
                    member.write(piece)


def _pack(path: Path, arrays: Mapping[str, np.ndarray], compression: int) -> None:
    # Numpy's own way leaves the archive of a full disk open, which then complains for itself.
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, array in arrays.items():
            with archive.open(name + _SUFFIX, "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array, allow_pickle=False)


def _allowed_in(path: Path) -> int:
    return max(_ALWAYS_ALLOWED, _HIGHEST_RATIO * path.stat().st_size)


@contextmanager
def archive_of(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip, to be read a little at a time.

    Raises
    ------
    NpzError
        Whatever is wrong with it, also while it is read.
    OSError
        When the file cannot be opened.
    """
    kind = path.stat().st_mode
    if stat.S_ISDIR(kind):
        raise IsADirectoryError(path)
    if not stat.S_ISREG(kind):  # a pipe might never begin, and a device never end
        raise NpzError("is no ordinary file")
    with _SmallReads(open(path, "rb", buffering=0)) as small:
        try:
            with zipfile.ZipFile(small) as archive:
                yield archive
        except NpzError:
            raise
        # A damaged file can go wrong in any way that its bytes can be misread.
        except Exception as error:
            raise NpzError("cannot be unpacked") from error


def member_of(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> IO[bytes]:
    """Open a file of a zip; an `NpzError` if it is packed in a way that has no limits."""
    if info.compress_type not in _COMPRESSIONS:
        raise NpzError("is compressed in a way that numpy never uses")
    return archive.open(info)


def read_all(member: IO[bytes], most: int) -> bytes:
    """Return what is left of a file of a zip; an `NpzError` if that is more than `most` bytes."""
    parts = []
    while part := member.read(_LARGEST_READ):
        most -= len(part)
        if most < 0:
            raise NpzError("holds more than it says")
        parts.append(part)
    return b"".join(parts)


def _read_header(member: IO[bytes]) -> _Header:
    if np.lib.format.read_magic(member) != (1, 0):
        raise NpzError("begins an array as numpy never does")
    length = member.read(2)
    if int.from_bytes(length, "little") > _LONGEST_HEADER:
        raise NpzError("begins an array as numpy never does")
    text = io.BytesIO(length + member.read(int.from_bytes(length, "little")))
    header = _Header(*np.lib.format.read_array_header_1_0(text))
    if any(side < 0 for side in header.shape):
        raise NpzError("claims an array of a negative size")
    return header


def _read_array(member: IO[bytes], header: _Header) -> np.ndarray:
    buffer = bytearray(header.bytes)
    room = memoryview(buffer)
    done = 0
    while done < len(room):
        part = member.read(min(_LARGEST_READ, len(room) - done))
        if not part:
            raise NpzError("ends too early")
        room[done : done + len(part)] = part
        done += len(part)
    if member.read(1):  # at the end, zipfile compares the check sum
        raise NpzError("holds an array that is longer than it says")
    order: Any = "F" if header.by_column else "C"
    return np.ndarray(header.shape, header.dtype, buffer, order=order)
