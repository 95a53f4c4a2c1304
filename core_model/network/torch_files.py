"""Files of `torch.save`, opened so that nothing in them runs and little memory is used."""

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import torch

from core_model.errors import AssetError
from core_model.storage.pickle_check import names_asked_for, rehearse
from core_model.storage.unpickling import NumberType, RefusedPickleError, number

MOST_BYTES = 4 * 2**30
"""What is larger is no checkpoint: weights, optimiser and body take about 1 GB."""

_MOST_PICKLE = 4 * 2**20
_LONGEST_TEXT = 1000
_OLD_MAGIC = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."
_OLD_PICKLES = 5  # magic number, version, machine, content, keys of the tensors
_STAND_INS: dict[str, Callable[..., Any]] = {
    "numpy.dtype": NumberType,
    "numpy.core.multiarray.scalar": number,
    "numpy._core.multiarray.scalar": number,
}
_HARMLESS = {
    "_codecs.encode",
    "collections.OrderedDict",
    "torch.Size",
    "torch._utils._rebuild_parameter",
    "torch._utils._rebuild_tensor_v2",
    *_STAND_INS,
}


def is_torch_file(path: Path) -> bool:
    """Tell whether a file begins like one of `torch.save`, of any age."""
    with open(path, "rb") as file:
        if file.read(len(_OLD_MAGIC)) == _OLD_MAGIC:
            return True
    # Of a damaged archive the reader says what is wrong with it; here it is just none.
    with suppress(Exception), zipfile.ZipFile(path) as archive:
        return any(name.endswith("/data.pkl") for name in archive.namelist())
    return False


def read_torch_file(path: Path) -> Any:
    """Read what `torch.save` wrote; tensors of newer files stay on disk until they are used.

    Raises
    ------
    AssetError
        When the file is damaged, too large, of another kind, or asks to run something.
    """
    try:
        with open(path, "rb") as file:
            start = file.read(_MOST_PICKLE + 1)
        zipped = start.startswith(b"PK\x03\x04")
        if zipped:
            _check(io.BytesIO(_pickle_in_archive(path)))
        elif start.startswith(_OLD_MAGIC):
            pickles = io.BytesIO(start)
            for _ in range(_OLD_PICKLES):
                _check(pickles)
        else:
            raise AssetError(f"{path.name} is no file of PyTorch.")
        with torch.serialization.safe_globals([(s, name) for name, s in _STAND_INS.items()]):
            return torch.load(path, map_location="cpu", weights_only=True, mmap=zipped)
    except AssetError:
        raise
    except RefusedPickleError as error:
        raise AssetError(
            f"{path.name} asks for {error}, which weights have no need of: it may be malicious. "
            "It was not opened and nothing was run."
        ) from error
    # A damaged file can go wrong in any way that its bytes can be misread.
    except Exception as error:
        raise AssetError(
            f"{path.name} is damaged or cut off; download or copy it again."
        ) from error


def _pickle_in_archive(path: Path) -> bytes:
    """Check the sizes that a zip archive declares, and return the pickle in it."""
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise AssetError(f"{path.name} is cut off; download or copy it again.") from error
    with archive:
        entries = archive.infolist()
        size = path.stat().st_size
        if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries) or (
            sum(entry.file_size for entry in entries) > size
        ):
            raise AssetError(
                f"{path.name} is no file of PyTorch: it would unpack to more than it holds."
            )
        names = {entry.filename.partition("/")[2]: entry for entry in entries}
        if "constants.pkl" in names:
            raise AssetError(
                f"{path.name} is a TorchScript program, not a checkpoint; it was not run."
            )
        if "data.pkl" not in names:
            raise AssetError(f"{path.name} is a zip archive that PyTorch did not write.")
        if names["data.pkl"].file_size > _MOST_PICKLE:
            raise RefusedPickleError("an endless list of things")
        return archive.read(names["data.pkl"])


def _check(pickled: io.BytesIO) -> None:
    """Refuse a pickle that asks for anything but tensors and numbers, or would take for ever."""
    begin = pickled.tell()
    for name in names_asked_for(pickled, _LONGEST_TEXT):
        if name not in _HARMLESS and not _is_storage(name):
            raise RefusedPickleError(name)
    rehearse(pickled.getvalue()[begin : pickled.tell()])


def _is_storage(name: str) -> bool:
    module, _, kind = name.rpartition(".")
    return module == "torch" and kind.endswith("Storage")
