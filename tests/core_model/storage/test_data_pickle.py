"""Arrays and tensors in pickles, read without the libraries that wrote them."""

import io
import pickle
from collections import OrderedDict, defaultdict
from typing import Any

import numpy as np
import pytest
import torch

from core_model.storage.data_pickle import DataArray, DataUnpickler
from core_model.storage.torch_storage import Tensor
from core_model.storage.unpickling import RefusedPickleError


def _read(content: Any, protocol: int) -> Any:
    return DataUnpickler(pickle.dumps(content, protocol)).load()


@pytest.mark.parametrize("protocol", range(2, 6))
@pytest.mark.parametrize(
    "array",
    [
        np.arange(6.0).reshape(2, 3),
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        np.arange(6, dtype=">i4")[::2],
        np.array(3, np.uint8),
        np.zeros((0, 3), np.float32),
        np.array([True, False]),
        np.array(["left", "right hand"]),
        np.array([b"male"]),
    ],
    ids=["rows", "columns", "other bytes", "one", "none", "truth", "text", "bytes"],
)
def test_an_array_is_what_it_was(protocol, array):
    (found,) = _read([array], protocol)
    np.testing.assert_array_equal(found.array, array)


@pytest.mark.parametrize("protocol", range(2, 6))
def test_tables_in_arrays_of_objects(protocol):
    table = defaultdict(dict, {np.int64(4): {"pose": np.ones(3)}, ("a", "b"): OrderedDict(c=None)})
    found = _read(np.array(table, dtype=object), protocol)
    assert isinstance(found, DataArray) and found.shape == () and found.objects
    np.testing.assert_array_equal(found.objects[0][4]["pose"].array, np.ones(3))
    assert found.objects[0]["a", "b"] == {"c": None}


@pytest.mark.parametrize(
    "tensor",
    [
        torch.arange(12.0).reshape(3, 4).T,
        torch.arange(12.0).reshape(3, 4)[1:, ::2],
        torch.tensor([1.5, -2.0], dtype=torch.bfloat16),
        torch.tensor([1.5, -2.0], dtype=torch.float16),
        torch.tensor(7),
        torch.tensor([True, False]),
        torch.zeros(0, 3),
        torch.ones(3).expand(4, 3),
        torch.nn.Parameter(torch.arange(3.0)),
    ],
)
def test_a_tensor_inside_of_another_pickle(tensor):
    file = io.BytesIO()
    np.save(file, np.array({"a": tensor}, dtype=object))
    data = file.getvalue()
    found = DataUnpickler(data, data.index(b"\x80")).load().objects[0]["a"]
    assert isinstance(found, Tensor)
    expected = tensor.detach().float().numpy()
    np.testing.assert_array_equal(found.array().astype(np.float32), expected)


def test_an_array_of_objects_holds_as_many_as_it_says():
    data = pickle.dumps(np.array([{}, {}], dtype=object), 2)
    lying = data.replace(b"K\x02\x85", b"K\x09\x85")
    assert lying != data
    with pytest.raises(ValueError, match="others than it says"):
        DataUnpickler(lying).load()


def test_pickles_in_pickles_end_somewhere():
    magic, version = pickle.dumps(0x1950A86A20F9469CFC6C, 2), pickle.dumps(1001, 2)
    call = b"\x80\x02ctorch.storage\n_load_from_bytes\n"
    data = magic
    for _ in range(8):
        data = magic + version + call + pickle.dumps(data, 3)[2:-1] + b"\x85R."
    with pytest.raises(RefusedPickleError, match="without an end|never wrote"):
        DataUnpickler(call + pickle.dumps(data, 3)[2:-1] + b"\x85R.").load()
