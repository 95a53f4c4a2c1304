"""A few wrong documents for each reader on every change; `make fuzz` tries thousands."""

import pytest

from tests.fuzz.engines.damaged import Damaged
from tests.fuzz.engines.structured import Structured
from tests.fuzz.findings import READ, REFUSED
from tests.fuzz.targets import TARGETS
from tests.fuzz.trial import give

COUNT = 8


@pytest.mark.parametrize(
    "name", [name for name, target in TARGETS.items() if not isinstance(target.engine, Damaged)]
)
def test_whole_files_are_read_and_wrong_ones_are_refused_with_a_sentence(name, tmp_path):
    target = TARGETS[name]
    samples = target.samples()
    whole = [give(target, target.engine.pack(each), tmp_path) for each in samples]
    assert READ in whole and set(whole) <= {READ, REFUSED}
    if isinstance(target.engine, Structured):
        target.engine.check(samples, lambda data: give(target, data, tmp_path), COUNT)
