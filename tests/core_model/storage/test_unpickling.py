"""A small pickle is small work, whatever is in it."""

import pickle
import zipfile

import pytest

from core_model.errors import AssetError
from core_model.network.torch_files import read_torch_file
from core_model.storage.pickle_check import rehearse
from core_model.storage.unpickling import InertUnpickler, RefusedPickleError


def _doubled(depth: int, take_away: bytes = b"0") -> bytes:
    """Return code that leaves a tuple with two to the power of `depth` leaves on the stack."""
    steps = b")q\x01" + take_away
    for number in range(1, depth):
        steps += bytes((*b"h", number, *b"h", number, *b"\x86q", number + 1, *take_away))
    return steps + bytes((*b"h", depth))


ENDLESS = _doubled(200)
"""Whoever hashes, compares or prints it is at it for longer than the world will last."""


@pytest.mark.parametrize(
    "code",
    [
        b"\x80\x02}" + ENDLESS + b"Ns.",
        b"\x80\x02}(" + ENDLESS + b"Nu.",
        b"\x80\x02(" + ENDLESS + b"Nd.",
        b"\x80\x04\x8f(" + ENDLESS + b"\x90.",
        b"\x80\x04(" + ENDLESS + b"\x91.",
        b"\x80\x02c__builtin__\nset\n]" + ENDLESS + b"a\x85R.",
        b"\x80\x02ccollections\nOrderedDict\n]" + ENDLESS + b"N\x86a\x85R.",
        b"\x80\x02c_codecs\nencode\nU\x01a" + ENDLESS + b"\x86R.",
        b"\x80\x02cnumpy\ndtype\n" + ENDLESS + b"\x85R.",
    ],
    ids=["item", "items", "table", "element", "frozen", "set", "pairs", "encoding", "type"],
)
def test_a_tuple_of_tuples_is_never_looked_into(code):
    with pytest.raises(RefusedPickleError):
        InertUnpickler(code, ()).load()


def test_no_checkpoint_looks_into_it_either(tmp_path):
    # PyTorch's own reader knows no instruction that takes things away.
    left = _doubled(200, take_away=b"")
    with zipfile.ZipFile(tmp_path / "model.pt", "w") as archive:
        archive.writestr("model/data.pkl", b"\x80\x02}q\x00" + left + b"h\x00h\xc8Ns.")
        archive.writestr("model/version", b"3\n")
    with pytest.raises(AssetError, match="keys that are no names"):
        read_torch_file(tmp_path / "model.pt")


def test_keys_that_share_a_hash_are_refused():
    prime = 2**61 - 1
    with pytest.raises(RefusedPickleError, match="keys"):
        InertUnpickler(pickle.dumps({prime * n: n for n in range(1, 4)}), ()).load()


def test_steps_are_counted():
    lists = b"\x80\x02" + b"]0" * InertUnpickler.most_steps + b"N."
    with pytest.raises(RefusedPickleError, match="more work"):
        InertUnpickler(lists, ()).load()


@pytest.mark.parametrize(
    "call",
    [
        b"c__builtin__\nset\nq\x000(" + b"N" * 5000 + b"l\x85q\x010",
        b"c_codecs\nencode\nq\x000X\x88\x13\x00\x00"
        + (b"a" * 5000 + b"X\x06\x00\x00\x00latin1\x86q\x010"),
    ],
    ids=["list", "text"],
)
def test_the_same_contents_are_not_copied_again_and_again(call):
    again = b"h\x00h\x01R0"
    with pytest.raises(RefusedPickleError, match="again and again"):
        InertUnpickler(b"\x80\x02" + call + 1000 * again + b"N.", ()).load()


def test_kinds_of_objects_are_counted():
    names = b"".join(b"cchumpy.ch\nA%d\n0" % number for number in range(1000))
    with pytest.raises(RefusedPickleError, match="more kinds"):
        InertUnpickler(b"\x80\x02" + names + b"N.", ("chumpy",)).load()


def test_room_is_made_for_what_is_there_only():
    with pytest.raises((pickle.UnpicklingError, EOFError)):
        InertUnpickler(b"\x80\x05\x96" + (2**40).to_bytes(8, "little") + b"abc.", ()).load()


def test_ordinary_tables_pass():
    table = {"a": [1, 2.5, None, ("x", (1, 2))], 7: {"b": b"bytes"}, None: {1, "two"}}
    assert InertUnpickler(pickle.dumps(table, 2), ()).load() == table
    for protocol in range(2, 6):
        rehearse(pickle.dumps(table, protocol))
