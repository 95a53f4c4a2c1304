"""Files made of trees of data, whatever is in them."""

import csv
import io
import json
import pickle
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tests.fuzz.changes import ODD_DATA


def as_json(tree: Any) -> bytes:
    """Return JSON, also of numbers that JSON does not know."""
    return json.dumps(tree).encode()


def as_yaml(tree: Any) -> bytes:
    """Return YAML."""
    import yaml

    text: str = yaml.safe_dump(tree)
    return text.encode("utf-8", "surrogatepass")


def as_table(rows: Any) -> bytes:
    """Return CSV of a list of rows."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    for row in _listed(rows):
        writer.writerow(_listed(row))
    return stream.getvalue().encode("utf-8", "surrogatepass")


def as_lines(lines: Any) -> bytes:
    """Return text of a list of lists of words."""
    return "\n".join(" ".join(map(str, _listed(line))) for line in _listed(lines)).encode(
        "utf-8", "surrogatepass"
    )


def as_pickle(tree: Any) -> bytes:
    """Return a pickle as Python 3 writes it."""
    return pickle.dumps(tree, 4)


def as_old_pickle(tree: Any) -> bytes:
    """Return a pickle as Python 2 could read it."""
    return pickle.dumps(tree, 2)


def as_torch(tree: Any) -> bytes:
    """Return a file of `torch.save`; arrays become tensors."""
    import torch

    stream = io.BytesIO()
    torch.save(_with_tensors(tree), stream)
    return stream.getvalue()


def as_safetensors(parts: Any) -> bytes:
    """Return safetensors of a pair: the header, and the numbers' bytes."""
    header, numbers = parts if isinstance(parts, list) and len(parts) == 2 else (parts, b"")
    head = json.dumps(header, default=repr, skipkeys=True).encode()
    return len(head).to_bytes(8, "little") + head + (numbers if isinstance(numbers, bytes) else b"")


def as_npz(tree: Any) -> bytes:
    """Return an archive of arrays; bytes are a member as it is."""
    packed = io.BytesIO()
    members = tree if isinstance(tree, dict) else {"": tree}
    with zipfile.ZipFile(packed, "w") as archive:
        for name, value in members.items():
            plain = str(name).replace("\0", "").encode("utf-8", "replace").decode()
            archive.writestr(f"{plain}.npy", as_npy(value))
    return packed.getvalue()


def as_npy(value: Any) -> bytes:
    """Return an array as a file; bytes are the file as it is."""
    if isinstance(value, bytes):
        return value
    stream = io.BytesIO()
    try:
        array = np.asanyarray(value)
    except (ValueError, OverflowError):  # lists of several lengths
        array = np.array([value], object)
    try:
        np.lib.format.write_array(stream, array, allow_pickle=True)
    except UnicodeEncodeError:
        return b""
    return stream.getvalue()


def wrong_headers() -> st.SearchStrategy[bytes]:
    """Return arrays as files that say something else than there is."""
    sizes = st.integers(-1, 5) | st.sampled_from((2**31, 2**40, 2**63, 10**30))
    odd = st.none() | st.integers() | st.text(max_size=5)
    kinds = st.sampled_from(("<f8", ">f8", "<f4", "|O", "<U99999999", "|V8", "f8,f8", "<M8", ""))
    fields = st.fixed_dictionaries(
        {},
        optional={
            "descr": kinds | odd,
            "fortran_order": st.booleans() | odd,
            "shape": st.lists(sizes, max_size=4).map(tuple) | odd,
            "more": odd,
        },
    )
    return st.builds(_headed, fields, st.binary(max_size=64), st.sampled_from((1, 1, 1, 2, 3, 9)))


def _headed(fields: dict[str, Any], numbers: bytes, version: int) -> bytes:
    head = (repr(fields) + "\n").encode("utf-8", "replace")
    size = len(head).to_bytes(2 if version == 1 else 4, "little")
    return b"\x93NUMPY" + bytes([version, 0]) + size + head + numbers


ODD_MEMBERS = ODD_DATA | wrong_headers()
"""What may stand in the place of an array of an archive."""


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _with_tensors(tree: Any) -> Any:
    import torch

    change: Callable[[Any], Any] = _with_tensors
    if isinstance(tree, dict):
        return {key: change(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [change(value) for value in tree]
    if isinstance(tree, np.ndarray) and tree.dtype.kind in "fiub?c":
        try:
            return torch.from_numpy(np.ascontiguousarray(tree))
        except TypeError:  # unsigned numbers of several bytes
            return tree
    return tree
