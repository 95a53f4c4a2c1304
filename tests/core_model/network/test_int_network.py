import numpy as np
import pytest
import torch

from core_model.network import INTConfig, INTNetwork
from tests.core_model import parity


@pytest.fixture(scope="module")
def vectors(shared):
    return np.load(shared / "parity" / "int_parity.npz")


def test_parameters_are_those_of_the_published_files(shared):
    rows = (shared / "parity" / "state_dict_keys.txt").read_text().splitlines()
    keys = {row.split("\t")[0] for row in rows if not row.startswith(("#", "smpl."))}
    network = INTNetwork(INTConfig.image())
    assert set(network.state_dict()) == keys
    assert sum(p.numel() for p in network.parameters()) == 76_673_363
    phase_1 = INTNetwork(INTConfig.image(temporal=False))
    assert sum(p.numel() for p in phase_1.parameters()) == 55_397_459


@pytest.mark.parametrize(
    ("case", "config", "seed", "clips", "frames"),
    [
        ("emb16_T4_B1", INTConfig.image(), 13, 1, 4),
        (
            "heads1_emb4_T4_B1",
            INTConfig.image(temporal_embedding_length=4, temporal_heads=1),
            13,
            1,
            4,
        ),
        ("phase1_T1_B2", INTConfig.image(temporal=False), 16, 2, 1),
    ],
)
def test_image_network_agrees_with_the_reference_in_double_precision(
    vectors, case, config, seed, clips, frames
):
    network = INTNetwork(config).eval()
    parity.fill(network)
    with torch.no_grad():
        output = network.double()(torch.from_numpy(parity.frames(seed, clips, frames)).double())
    for name, ours in zip(("rot6d", "shape", "cam"), output, strict=True):
        np.testing.assert_allclose(ours.numpy(), vectors[f"{case}/f64/{name}"], atol=1e-9)


def test_time_embedding_is_stretched_without_touching_the_parameter():
    network = INTNetwork(INTConfig.keypoints()).eval()
    before = network.temporal_pos_embedding.detach().clone()
    with torch.no_grad():
        network(torch.zeros(1, 7, 33, 3))
    assert network.time_embedding(7).shape == (1, 7, 128)
    torch.testing.assert_close(network.temporal_pos_embedding.detach(), before)


def test_keypoint_network_relates_frames_of_one_clip_and_never_of_two():
    torch.manual_seed(0)
    network = INTNetwork(INTConfig.keypoints()).eval()
    # Fresh heads are nearly zero; larger ones make differences visible.
    torch.nn.init.normal_(network.joint3d_head.weight)
    evidence = torch.randn(2, 8, 33, 3)
    changed = evidence.clone()
    changed[0, 5] += 1
    with torch.no_grad():
        difference = (network(evidence).rot6d - network(changed).rot6d).abs().amax((-1, -2))
    assert (difference[0] > 1e-4).all()
    assert (difference[1] < 1e-5).all()
