import pytest
import torch

from core_model.errors import AssetError
from core_model.network import INTConfig, INTNetwork
from core_model.network.checkpoints import load_weights, save_weights


def test_saving_and_loading_gives_the_same_network(tmp_path):
    network = INTNetwork(INTConfig.keypoints()).eval()
    save_weights(network, tmp_path / "weights.safetensors", {"minutes": 1})
    loaded = load_weights(tmp_path / "weights.safetensors")
    evidence = torch.randn(1, 6, 33, 3)
    torch.testing.assert_close(loaded(evidence).rot6d, network(evidence).rot6d)
    assert loaded.config == network.config


@pytest.mark.parametrize("content", [b"", b"not weights", b"\x10\x00\x00\x00\x00\x00\x00\x00{}"])
def test_other_files_are_refused_with_a_sentence(tmp_path, content):
    path = tmp_path / "weights.safetensors"
    path.write_bytes(content)
    with pytest.raises(AssetError):
        load_weights(path)
    with pytest.raises(AssetError, match="no weights"):
        load_weights(tmp_path / "none.safetensors")


def test_default_weights_ship_with_a_model_card():
    from core_model.network.checkpoints import DEFAULT_WEIGHTS_PATH

    assert DEFAULT_WEIGHTS_PATH.stat().st_size < 20e6
    assert load_weights().config == INTConfig.keypoints()
    assert "mocap.cs.cmu.edu" in (DEFAULT_WEIGHTS_PATH.parent / "MODEL_CARD.md").read_text()
