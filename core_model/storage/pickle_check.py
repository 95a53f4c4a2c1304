"""Pickles that another reader will read: looked through before, so that it cannot be led astray."""

import pickletools
from collections.abc import Iterator
from typing import Any, BinaryIO

from core_model.storage.unpickling import InertUnpickler, RefusedPickleError

_FORBIDDEN_OPCODES = {
    "EXT1",
    "EXT2",
    "EXT4",
    "BYTEARRAY8",
    "NEXT_BUFFER",
    "READONLY_BUFFER",
    "INST",
}


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


def rehearse(data: bytes) -> None:
    """Go through a pickle with a reader that counts its steps and keeps nothing.

    Raises
    ------
    RefusedPickleError
        When it takes more work than data makes, or keys of its tables are no plain names.
    """
    _Rehearsal(data, ()).load()


class _Anything(dict[Any, Any]):
    """Stands for whatever is asked for; is given contents as a table and as an object."""

    def __init__(self, *_: Any) -> None: ...

    def __setstate__(self, state: Any) -> None: ...


class _Rehearsal(InertUnpickler):
    most_steps = 2_000_000
    with_contents = (_Anything,)

    def find_class(self, module: str, name: str) -> Any:
        return _Anything

    def persistent_load(self, pid: Any) -> Any:
        return None
