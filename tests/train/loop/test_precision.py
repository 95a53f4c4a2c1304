import pytest
import torch

from train.loop.precision import wants_bfloat16


@pytest.mark.parametrize("has", [True, False])
def test_bfloat16_is_used_where_the_processor_has_it_or_where_it_is_asked_for(has, monkeypatch):
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: has)
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: False)
    cpu = torch.device("cpu")
    assert wants_bfloat16(None, cpu) == has
    assert wants_bfloat16(True, cpu) and not wants_bfloat16(False, cpu)
