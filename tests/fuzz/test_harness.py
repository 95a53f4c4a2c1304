"""Faults that are put into a reader are found, named and kept with a short file."""

import json
from pathlib import Path

import numpy as np
import pytest

from core_model.errors import MocapError
from tests.fuzz import harness
from tests.fuzz.engines.damaged import Damaged
from tests.fuzz.engines.guided import Guided
from tests.fuzz.engines.structured import Structured
from tests.fuzz.findings import HANGS, Findings, findings_at
from tests.fuzz.packing import as_json, as_npz
from tests.fuzz.target import Batch, Target
from tests.fuzz.trial import name_of


def _read_document(path: Path) -> object:
    content = json.loads(path.read_bytes())
    if not isinstance(content, dict) or not isinstance(content.get("frames"), list):
        raise MocapError("This is no document.")
    return sum(content["frames"])  # of lists that hold no numbers this is a fault


_NUMBERS = np.arange(1000, dtype=np.int64)


def _read_member(path: Path) -> object:
    from core_model.storage.npz import NpzError, read_npz

    try:
        numbers = read_npz(path, ("a",), 2**20)["a"]
    except (NpzError, KeyError) as error:
        raise MocapError("This is no archive.") from error
    return list(_NUMBERS).index(numbers.max())  # a fault of few bytes, behind a checksum


def _archive() -> Target:
    return Target(".npz", lambda: [as_npz({"a": _NUMBERS})], _read_member, Guided())


def _die(path: Path) -> object:
    import os

    if path.read_bytes() != b"whole":
        os._exit(3)
    return None


def _mortal() -> Target:
    return Target(".bin", lambda: [b"whole"], _die, Damaged())


def found_in(find, count, home) -> Findings:
    found = Findings()
    for _ in harness.fuzz(find, count, found, home):
        found.save(home / "findings.json")
    assert findings_at(home / "findings.json") == found
    return found


def test_a_fault_of_documents_is_shrunk(tmp_path):
    path = tmp_path / "document.json"
    faults = []

    def give(data: bytes) -> Exception | None:
        path.write_bytes(data)
        try:
            _read_document(path)
        except MocapError:
            pass
        except Exception as error:
            faults.append((name_of(error), json.loads(data)))
            return error
        return None

    samples = [{"name": "a", "frames": [1, 2, 3], "more": {"a": 1}}]
    Structured(as_json).run(samples, give, Batch(100, 0, (), tmp_path))
    fault, content = faults[-1]
    assert fault.startswith("TypeError in test_harness.py")
    assert content["name"] == "a", "what has no part in the fault is as it was"
    assert len([each for each in content["frames"] if not isinstance(each, int)]) == 1
    shrunk = len(faults)
    Structured(as_json).run(samples, give, Batch(100, 0, (fault,), tmp_path))
    assert len(faults) - shrunk <= 100, "a fault that is known is not shrunk again"


def test_a_fault_behind_a_checksum_is_found(tmp_path):
    pytest.importorskip("atheris", reason="atheris is made for Linux on x86-64")
    found = found_in(_archive, 150, tmp_path)
    assert any(fault.startswith("ValueError in test_harness.py") for fault in found.faults)
    assert found.read and found.refused


@pytest.mark.long
def test_a_reader_that_dies_is_found_and_the_next_file_goes_on(tmp_path):
    found = found_in(_mortal, 2, tmp_path)
    assert found.faults == {"the process died (3)": 2}
    assert next(tmp_path.glob("the_process_died*")).read_bytes() != b"whole"
    assert HANGS not in found.faults
