"""Files of results, opened by what is in them: tables of arrays, whatever they are packed in.

Nothing is executed, objects of libraries become inert records or are refused, and nothing takes
more memory than a file of that size can honestly hold.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from core_model.errors import TakeError
from core_model.storage.data_pickle import DataArray, DataUnpickler
from core_model.storage.npz import (
    NpzError,
    archive_of,
    member_of,
    names_in_npz,
    read_all,
    read_npy,
    read_npz,
    read_pickled,
)
from core_model.storage.packed import PackedError, unpacked
from core_model.storage.torch_storage import Tensor
from core_model.storage.unpickling import RefusedPickleError

MOST_BYTES = 2**30
"""Half an hour of video with the vertices of every frame."""

MOST_LISTED = 2**17
"""Numbers and arrays in lists: an hour of frames."""

_MOST_PICKLE = 2**26  # of a file of PyTorch, whose numbers lie outside of it
_MOST_NAMED = 2**20  # bytes of a word in a file of PyTorch
_DEEPEST = 4  # lists in lists


class NpzTable(Mapping[str, Any]):
    """The arrays of an `.npz` by their names; each is read when it is asked for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._names = names_in_npz(path)
        self._read: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._read:
            self._read[name] = self._value(name)
        return self._read[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._names))

    def __len__(self) -> int:
        return len(self._names)

    def _value(self, name: str) -> Any:
        plain = read_npz(self._path, (name,), MOST_BYTES)
        if name in plain:
            return plain[name]
        pickled = read_pickled(self._path, name, MOST_BYTES)
        return None if pickled is None else _opened(DataUnpickler(pickled).load())


@contextmanager
def sentences_about(path: Path) -> Iterator[None]:
    """Make one sentence of whatever is wrong with a file while it is read.

    Raises
    ------
    TakeError
    """
    try:
        yield
    except TakeError:
        raise
    except FileNotFoundError as error:
        raise TakeError(f"There is no take at {path}.") from error
    except IsADirectoryError as error:
        raise TakeError(f"{path} is a folder, not a file.") from error
    except PermissionError as error:
        raise TakeError(f"{path} may not be read: permission denied.") from error
    except RefusedPickleError as error:
        raise TakeError(
            f"{path} asks for {error}, which motion has no need of; nothing of it was run or used."
        ) from error
    except (NpzError, PackedError) as error:
        raise TakeError(f"{path} is damaged or holds no motion: it {error}.") from error
    except OSError as error:
        raise TakeError(f"{path} cannot be read: {error.strerror or error}.") from error
    # A damaged file can go wrong in any way that its bytes can be misread.
    except Exception as error:
        raise TakeError(f"{path} is damaged or holds no motion.") from error


def open_content(path: Path) -> Any:
    """Return what a file holds: tables (mappings), lists, arrays, texts and numbers.

    Raises
    ------
    TakeError
        When it is missing, damaged, too large or asks to run something.
    """
    with sentences_about(path):
        with open(path, "rb") as file:
            magic = file.read(6)
        if magic.startswith(b"PK"):
            return _torch_file(path) if _is_torch(path) else NpzTable(path)
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise TakeError(f"{path} is {size / 2**30:.1f} GiB large; at most 1 GiB is read.")
        data = path.read_bytes()
        if magic == b"\x93NUMPY":
            found = read_npy(data)
            return _opened(DataUnpickler(data, found).load()) if isinstance(found, int) else found
        data = unpacked(data, MOST_BYTES)
        if not data.startswith(b"\x80") and not data.startswith(b"("):
            raise TakeError(f"{path} is damaged or holds no motion that can be read.")
        return _opened(DataUnpickler(data).load())


def _is_torch(path: Path) -> bool:
    with archive_of(path) as archive:
        return any(name.endswith("/data.pkl") for name in archive.namelist())


def _torch_file(path: Path) -> Any:
    """Read a file of `torch.save`; its tensors are read when they are asked for."""
    with archive_of(path) as archive:
        entries = archive.infolist()
        if any(each.compress_size != each.file_size for each in entries) or (
            sum(each.file_size for each in entries) > path.stat().st_size
        ):
            raise NpzError("would unpack to more than it holds")
        members = {each.filename.partition("/")[2]: each for each in entries}
        if "constants.pkl" in members:
            raise NpzError("is a program of TorchScript, which was not run")
        if "byteorder" in members:
            with member_of(archive, members["byteorder"]) as member:
                if read_all(member, _MOST_NAMED) != b"little":
                    raise NpzError("was written on a machine that turns its numbers round")
        if members["data.pkl"].file_size > _MOST_PICKLE:
            raise NpzError("lists more than any motion has")
        with member_of(archive, members["data.pkl"]) as member:
            pickled = read_all(member, _MOST_PICKLE)
    kept: dict[str, bytes] = {}

    def storage(key: str) -> bytes:
        if key not in kept:
            with archive_of(path) as archive, member_of(archive, members[f"data/{key}"]) as member:
                kept[key] = read_all(member, MOST_BYTES)
        return kept[key]

    return _opened(DataUnpickler(pickled, storages=storage).load())


def _opened(value: Any) -> Any:
    """Return a value itself where an array of objects holds only one."""
    if isinstance(value, DataArray) and value.objects is not None and value.shape == ():
        return value.objects[0]
    return value


def table(value: Any) -> Mapping[Any, Any] | None:
    """Return a value if it is a table, None if it is something else."""
    value = _opened(value)
    return value if isinstance(value, Mapping) else None


def sequence(value: Any) -> list[Any]:
    """Return the elements of a list, a tuple or an array of objects or texts; else none."""
    if isinstance(value, DataArray):
        if value.objects is not None:
            return value.objects
        value = value.array
    if isinstance(value, np.ndarray):
        return list(value.ravel()) if value.dtype.kind in "USO" else list(value)
    return list(value) if isinstance(value, (list, tuple)) else []


def array(value: Any, name: str, most_listed: int = MOST_LISTED) -> np.ndarray:
    """Return numbers, as float64.

    Parameters
    ----------
    value : object
    name : str
        What it is called, for the user.
    most_listed : int
        How many numbers and arrays there may be in lists, of which a small file can hold one a
        million times.

    Raises
    ------
    TakeError
        When it is something else.
    """
    value = _opened(value)
    if isinstance(value, DataArray):
        value = value.array if value.objects is None else value.objects
    elif isinstance(value, Tensor):
        value = value.array()
    if isinstance(value, (list, tuple)):
        return _stacked(value, name, [most_listed], _DEEPEST)
    if isinstance(value, (bool, int, float, np.number)):
        value = np.array(value)
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "fiub":
        raise TakeError(f"'{name}' holds no numbers.")
    return value.astype(np.float64)


def _stacked(values: Sequence[Any], name: str, left: list[int], depth: int) -> np.ndarray:
    """Return the numbers of lists in lists, until none are left that may be there."""
    parts = []
    for each in values:
        if isinstance(each, (list, tuple)):
            parts.append(_stacked(each, name, left, depth - 1))
        else:
            parts.append(array(each, name))
        left[0] -= 1
        if left[0] < 0 or depth < 0:
            raise TakeError(f"'{name}' lists more numbers than any motion has.")
    if not parts or any(part.shape != parts[0].shape for part in parts):
        raise TakeError(f"'{name}' is a list of things of different sizes, or of none.")
    return np.stack(parts)


def shaped(value: Any, name: str, *shape: int) -> np.ndarray:
    """Return numbers of a given shape, in which -1 is any number.

    Raises
    ------
    TakeError
        When it is something else.
    """
    if isinstance(value, (list, tuple)) and shape[0] >= 0 and len(value) != shape[0]:
        raise TakeError(f"'{name}' has {len(value)} entries where {shape[0]} belong.")
    found = array(value, name)
    if len(found.shape) != len(shape) or any(
        wanted not in (-1, side) for wanted, side in zip(shape, found.shape, strict=True)
    ):
        wanted = ", ".join("any" if side < 0 else str(side) for side in shape)
        raise TakeError(f"'{name}' has the shape {found.shape} where ({wanted}) belongs.")
    return found
