"""Pickles read without letting them run anything, and without much memory.

A pickle is a program: it may call any function that it can name. Here only a few names exist, each
standing for an inert record; numpy arrays are rebuilt from their bytes by our own hands. It may
also be small and take for ever: a tuple of twice the same tuple, and so on, has as many elements
to look at as two has powers. So keys are plain, every instruction is counted, and so is everything
that an instruction repeats.
"""

import io
import mmap
import pickle
import re
from collections.abc import Callable
from typing import Any, ClassVar, cast

import numpy as np

NUMPY_PARTS = tuple(
    f"numpy.{core}.{part}" for core in ("core", "_core") for part in ("multiarray", "numeric")
)
"""Modules of numpy that pickles of arrays name, of any version."""

_PYTHON_2 = {"__builtin__": "builtins", "copy_reg": "copyreg"}
_ROOT = pickle._Unpickler  # the one in Python; see `InertUnpickler`
_MOST_ARGUMENTS = 16
_MOST_CLASSES = 100
_MOST_COPIES = 4  # of what a file holds: texts are encoded, then become arrays
_LONGEST_KEY = 8  # of what a key may be made of
_COPIED = (str, bytes, list)
_PLAIN = {str, bytes, bool, type(None)}
_LARGEST_KEY = 2**60  # whole numbers beyond share their hashes
_CALLS = {pickle.REDUCE[0], pickle.NEWOBJ[0]}
_KEYS = {  # what an instruction hashes, on top of the stack
    pickle.SETITEM[0]: slice(-2, -1),
    pickle.SETITEMS[0]: slice(None, None, 2),
    pickle.DICT[0]: slice(None, None, 2),
    pickle.ADDITEMS[0]: slice(None),
    pickle.FROZENSET[0]: slice(None),
}
_REFUSED = {
    opcode[0]
    for opcode in (
        *(pickle.EXT1, pickle.EXT2, pickle.EXT4),
        *(pickle.INST, pickle.OBJ, pickle.NEWOBJ_EX, pickle.PERSID),
        *(pickle.NEXT_BUFFER, pickle.READONLY_BUFFER),
    )
}
CHECKED = {*_CALLS, *_KEYS, *_REFUSED, pickle.BUILD[0]}
"""Instructions that could do harm; any other takes as much work as it takes place in the file."""

_NUMBER_CODE = re.compile(r"[<>=|]?[fiub][0-9]{0,2}")
_LONGEST_NAME = 100


class RefusedPickleError(Exception):
    """A pickle asks for something that data has no need of; its text names that."""


class InertRecord:
    """Stands for an object of a library that is not there; keeps its state as it was written."""

    state: dict[Any, Any] = {}  # replaced as a whole, never changed

    def __init__(self, *_: Any) -> None: ...

    def __setstate__(self, state: Any) -> None:
        if isinstance(state, dict):
            self.state = state


class NumberType:
    """Stands for `numpy.dtype`; only numbers and truth values."""

    def __init__(self, code: Any, *_: Any) -> None:
        self.code = _short_text(code)

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        order = _short_text(state[1])
        if order in ("<", ">"):
            self.code = order + self.code.lstrip("<>")

    def as_dtype(self) -> np.dtype[Any]:
        """Return the dtype.

        Raises
        ------
        RefusedPickleError
            When it is none of numbers.
        """
        if not _NUMBER_CODE.fullmatch(self.code):
            raise RefusedPickleError(f"arrays of the type '{self.code}'")
        return np.dtype(self.code)


class PickledArray:
    """Stands for `numpy.ndarray` until its bytes are known."""

    array: np.ndarray | None = None

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        _, shape, kind, by_column, data = state
        if not isinstance(data, (bytes, str)) or not isinstance(kind, NumberType):
            raise RefusedPickleError("arrays of Python objects")
        raw = data.encode("latin1") if isinstance(data, str) else data
        flat = np.frombuffer(raw, kind.as_dtype())
        self.array = flat.reshape(shape, order="F" if by_column else "C")


def _following(opcode: int) -> Callable[["InertUnpickler"], None]:
    return lambda unpickler: unpickler.follow(opcode)


class InertUnpickler(_ROOT):
    """Reads a pickle in which libraries' objects become `InertRecord`.

    Python's own unpickler in C would give memory to whatever size a file claims; this one in Python
    has only what the file holds.

    Parameters
    ----------
    data : bytes or mmap
        The whole pickle, and what may stand before and after it. Of a file that is mapped, only
        what is looked at takes memory.
    libraries : tuple of str
        Packages whose objects become inert records.
    start : int
        Where in `data` the pickle begins.
    """

    most_steps = 200_000  # files of SMPL take some hundreds
    with_contents: tuple[type, ...] = (InertRecord, NumberType, PickledArray)

    def __init__(self, data: bytes | mmap.mmap, libraries: tuple[str, ...], start: int = 0) -> None:
        self.file = data if isinstance(data, mmap.mmap) else io.BytesIO(data)
        self.file.seek(start)
        super().__init__(self.file, encoding="latin1")
        self.stack: list[Any]
        self.append: Callable[[Any], None]
        self.read: Callable[[int], bytes]
        self._libraries = libraries
        self._classes: dict[tuple[str, str], type] = {}
        self.steps_left = self.most_steps
        self._bytes_left = _MOST_COPIES * len(data)

    def find_class(self, module: str, name: str) -> Any:
        """Return what stands for a name.

        Raises
        ------
        RefusedPickleError
            For every name that data has no need of.
        """
        module = _PYTHON_2.get(module, module)
        known: dict[tuple[str, str], Callable[..., Any]] = {
            ("builtins", "object"): InertRecord,
            ("builtins", "set"): _plain_set,
            ("collections", "OrderedDict"): _plain_dict,
            ("copyreg", "_reconstructor"): _without_arguments,
            ("_codecs", "encode"): _encode,
            ("numpy", "ndarray"): PickledArray,
            ("numpy", "dtype"): NumberType,
        }
        if module in NUMPY_PARTS:
            known |= {
                (module, "_reconstruct"): _without_arguments,
                (module, "scalar"): number,
                (module, "_frombuffer"): _array_from_buffer,
            }
        if (module, name) in known:
            return known[module, name]
        if module.partition(".")[0] in self._libraries and "." not in name:
            return self._class(module, name)
        raise RefusedPickleError(f"{module}.{name}"[:_LONGEST_NAME])

    def _class(self, module: str, name: str) -> type:
        if (module, name) not in self._classes:
            if len(self._classes) == _MOST_CLASSES:
                raise RefusedPickleError("more kinds of objects than any library has")
            self._classes[module, name] = type(name, (InertRecord,), {"__module__": module})
        return self._classes[module, name]

    def load_bytearray8(self) -> None:
        """Read bytes, as many as are there; Python would first make room for what is claimed."""
        self.append(self.read(int.from_bytes(self.read(8), "little")))

    def follow(self, opcode: int) -> None:
        """Follow one instruction, unless it looks at more than it holds.

        Raises
        ------
        RefusedPickleError
        """
        self.steps_left -= 1
        if self.steps_left < 0:
            raise RefusedPickleError("more work than any data makes")
        if opcode in _REFUSED:
            raise RefusedPickleError(f"the instruction {opcode:#x}")
        if opcode in _CALLS:
            self._spend(self.stack[-1])
        elif opcode in _KEYS:
            _check_plain(self.stack[_KEYS[opcode]])
        elif opcode == pickle.BUILD[0]:
            if not isinstance(self.stack[-2], self.with_contents):
                raise RefusedPickleError("contents for something that has none")
            self._spend(self.stack[-1])
        cast(Any, LOADERS[opcode])(self)

    def _spend(self, values: Any) -> None:
        """Count what a call is given, since the same text can be given a thousand times.

        Raises
        ------
        RefusedPickleError
        """
        if not isinstance(values, tuple):
            return
        if len(values) > _MOST_ARGUMENTS:
            raise RefusedPickleError("a call with more arguments than anything takes")
        self._bytes_left -= sum(len(one) for one in values if isinstance(one, _COPIED))
        if self._bytes_left < 0:
            raise RefusedPickleError("the same contents again and again")

    dispatch: ClassVar[dict[int, Callable[..., None]]] = {
        opcode: _following(opcode) for opcode in _ROOT.dispatch
    }


LOADERS: dict[int, Callable[..., None]] = {
    **_ROOT.dispatch,
    pickle.BYTEARRAY8[0]: InertUnpickler.load_bytearray8,
}
"""What follows each instruction, unchecked."""


def number(kind: NumberType, data: bytes | str) -> float | int | bool:
    """Stand for `numpy.core.multiarray.scalar`: one number from its bytes."""
    raw = data.encode("latin1") if isinstance(data, str) else data
    value: float | int | bool = np.frombuffer(raw, kind.as_dtype(), 1)[0].item()
    return value


def _short_text(value: Any) -> str:
    if not isinstance(value, (str, bytes)) or len(value) > _LONGEST_NAME:
        raise RefusedPickleError("a type that is no name")
    return value.decode("ascii") if isinstance(value, bytes) else value


def _check_plain(keys: list[Any]) -> None:
    """Refuse keys that hold others which do: looking at one could take for ever."""
    for key in keys:
        parts = key if type(key) is tuple and len(key) <= _LONGEST_KEY else (key,)
        for part in parts:
            if type(part) not in _PLAIN and not (type(part) is int and abs(part) < _LARGEST_KEY):
                raise RefusedPickleError("keys that are no names")


def _plain_set(elements: Any = ()) -> set[Any]:
    _check_plain(elements)
    return set(elements)


def _plain_dict(pairs: Any = ()) -> dict[Any, Any]:
    _check_plain([key for key, _ in pairs])
    return dict(pairs)


def _encode(text: Any, encoding: Any) -> bytes:
    """Stand for `_codecs.encode`, as Python 2 and numpy use it for bytes."""
    if not isinstance(text, str) or encoding not in ("latin1", "latin-1"):
        raise RefusedPickleError("another encoding than that of bytes")
    return text.encode("latin1")


def _without_arguments(kind: Any, *_: Any) -> Any:
    """Stand for the functions that make an object which gets its contents later."""
    if not isinstance(kind, type) or not issubclass(kind, (InertRecord, PickledArray)):
        raise RefusedPickleError("an object of an unknown kind")
    return kind()


def _array_from_buffer(
    data: bytes, kind: NumberType, shape: tuple[int, ...], order: str
) -> PickledArray:
    made = PickledArray()
    made.__setstate__((1, shape, kind, order == "F", data))
    return made
