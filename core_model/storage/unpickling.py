"""Pickles read without letting them run anything, and without much memory.

A pickle is a program: it may call any function that it can name. Here only a few names exist, each
standing for an inert record; numpy arrays are rebuilt from their bytes by our own hands.
"""

import io
import pickle
import pickletools
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, ClassVar, cast

import numpy as np

_NUMPY = ("numpy.core.multiarray", "numpy._core.multiarray", "numpy.core.numeric")
_PYTHON_2 = {"__builtin__": "builtins", "copy_reg": "copyreg"}
_FORBIDDEN_OPCODES = {
    "EXT1",
    "EXT2",
    "EXT4",
    "BYTEARRAY8",
    "NEXT_BUFFER",
    "READONLY_BUFFER",
    "INST",
}
_ROOT = pickle._Unpickler  # the one in Python; see `InertUnpickler`


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
        self.code = code.decode("ascii") if isinstance(code, bytes) else code

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        order = state[1]
        order = order.decode("ascii") if isinstance(order, bytes) else order
        if order in ("<", ">"):
            self.code = order + self.code

    def as_dtype(self) -> np.dtype[Any]:
        """Return the dtype.

        Raises
        ------
        RefusedPickleError
            When it is none of numbers.
        """
        if not isinstance(self.code, str) or self.code.lstrip("<>=")[:1] not in "fiub":
            raise RefusedPickleError(f"arrays of the type '{self.code}'")
        return np.dtype(self.code)


class PickledArray:
    """Stands for `numpy.ndarray` until its bytes are known."""

    array: np.ndarray | None = None

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        _, shape, kind, by_column, data = state
        if isinstance(data, str):
            data = data.encode("latin1")
        if not isinstance(data, bytes) or not isinstance(kind, NumberType):
            raise RefusedPickleError("arrays of Python objects")
        flat = np.frombuffer(data, kind.as_dtype())
        self.array = flat.reshape(shape, order="F" if by_column else "C")


class InertUnpickler(_ROOT):
    """Reads a pickle in which libraries' objects become `InertRecord`.

    Python's own unpickler in C would give memory to whatever size a file claims; this one in Python
    has only what the file holds.

    Parameters
    ----------
    data : bytes
        The whole pickle.
    libraries : tuple of str
        Packages whose objects become inert records.
    """

    def __init__(self, data: bytes, libraries: tuple[str, ...]) -> None:
        super().__init__(io.BytesIO(data), encoding="latin1")
        self.stack: list[Any]
        self._libraries = libraries
        self._left_to_encode = 2 * len(data)

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
            ("builtins", "set"): set,
            ("collections", "OrderedDict"): dict,
            ("copyreg", "_reconstructor"): _without_arguments,
            ("_codecs", "encode"): self._encode,
            ("numpy", "ndarray"): PickledArray,
            ("numpy", "dtype"): NumberType,
        }
        if module in _NUMPY:
            known |= {
                (module, "_reconstruct"): _without_arguments,
                (module, "scalar"): number,
                (module, "_frombuffer"): _array_from_buffer,
            }
        if (module, name) in known:
            return known[module, name]
        if module.partition(".")[0] in self._libraries and "." not in name:
            return type(name, (InertRecord,), {"__module__": module})
        raise RefusedPickleError(f"{module}.{name}")

    def load_build(self) -> None:
        """Give a record its contents; functions and classes have none.

        Raises
        ------
        RefusedPickleError
            When the contents are for something else than a record.
        """
        if not isinstance(self.stack[-2], (InertRecord, NumberType, PickledArray)):
            raise RefusedPickleError("contents for something that has none")
        cast(Any, _ROOT.dispatch[pickle.BUILD[0]])(self)

    dispatch: ClassVar[dict[int, Callable[..., None]]] = {
        **_ROOT.dispatch,
        pickle.BUILD[0]: load_build,
    }

    def _encode(self, text: str, encoding: str) -> bytes:
        if encoding not in ("latin1", "latin-1"):
            raise RefusedPickleError(f"the encoding {encoding}")
        self._left_to_encode -= len(text)
        if self._left_to_encode < 0:
            raise RefusedPickleError("the same text again and again")
        return text.encode("latin1")


def number(kind: NumberType, data: bytes | str) -> float | int | bool:
    """Stand for `numpy.core.multiarray.scalar`: one number from its bytes."""
    raw = data.encode("latin1") if isinstance(data, str) else data
    value: float | int | bool = np.frombuffer(raw, kind.as_dtype(), 1)[0].item()
    return value


def names_asked_for(pickled: BinaryIO, longest_text: int) -> Iterator[str]:
    """Read one pickle without running it; yield `module.name` of everything that it asks for.

    Raises
    ------
    RefusedPickleError
        When a pickle uses an instruction that data has no need of, or texts longer than
        `longest_text`.
    ValueError
        When the pickle is damaged or cut off.
    """
    for opcode, argument, _ in pickletools.genops(pickled):
        if opcode.name in _FORBIDDEN_OPCODES or opcode.name == "STACK_GLOBAL":
            raise RefusedPickleError(f"the instruction {opcode.name}")
        if opcode.name == "GLOBAL":
            yield str(argument).replace(" ", ".")
        elif isinstance(argument, (str, bytes)) and len(argument) > longest_text:
            raise RefusedPickleError("texts as long as books")


def _without_arguments(kind: Any, *_: Any) -> Any:
    """Stand for the functions that make an object which gets its contents later."""
    if not isinstance(kind, type) or not issubclass(kind, (InertRecord, PickledArray)):
        raise RefusedPickleError("an object of an unknown kind")
    return kind()


def _array_from_buffer(
    data: bytes, kind: NumberType, shape: tuple[int, ...], order: str
) -> PickledArray:
    made = PickledArray()
    made.__setstate__((1, shape, kind, order == "F", bytes(data)))
    return made
