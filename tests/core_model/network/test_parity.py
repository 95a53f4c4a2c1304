"""The image network against the vectors of the reference implementation."""

import numpy as np
import pytest
import torch

from core_model.body.skeleton import JOINT_COUNT
from core_model.geometry.rotations import matrix_to_axis_angle, rot6d_to_matrix
from core_model.network import INTConfig, INTNetwork
from tests.core_model import parity

SINGLE, PATCHES, DOUBLE = 1e-4, 5e-4, 1e-9
PLACES = [0, 1, 14, 97, 195]
TOKENS = [0, 23, 24, 25, 26, 27, 222]


@pytest.fixture(scope="module")
def watched(image_network):
    """Return what every part of the network says about 4 frames, in double precision."""
    return watch(image_network, parity.frames(13, 1, 4), torch.float64)


def watch(network, pictures, dtype):
    network = like(network, network.config, dtype)
    seen = {}
    backbone = network.patch_embed.backbone
    parts = {"stem": backbone.stem, "pe": network.patch_embed, "tok": network.norm}
    parts |= {f"stage{index}": stage for index, stage in enumerate(backbone.stages)}
    parts |= {f"block{index}": block for index, block in enumerate(network.blocks)}
    for name, part in parts.items():
        part.register_forward_hook(lambda _, __, output, name=name: seen.update({name: output}))
    with torch.no_grad():
        seen["read_outs"] = network.read_frames(torch.from_numpy(pictures[0]).to(dtype))
    return seen


def like(network, config, dtype=torch.float32):
    """Return a network of another configuration with the weights of the vectors."""
    other = INTNetwork(config).eval().requires_grad_(False).to(dtype)
    weights = dict(network.state_dict())
    length = config.temporal_embedding_length
    if length:
        shape = (1, length, config.width)
        key = "temporal_pos_embedding"
        weights[key] = torch.from_numpy(parity.weight(key, shape))
    other.load_state_dict({key: weights[key] for key in other.state_dict()})
    return other


def temporal_and_heads(network, read_outs, clips=1):
    """Return the joint tokens after the temporal part, and what the heads make of them."""
    tokens = read_outs.unflatten(0, (clips, -1))
    joints = tokens[:, :, :JOINT_COUNT]
    with torch.no_grad():
        if network.config.temporal_blocks:
            joints = network.relate_frames(joints)
        return joints, network.read_out(joints, tokens)


def compare(vectors, case, output, tolerance):
    for name, ours in zip(("rot6d", "shape", "cam"), output, strict=True):
        np.testing.assert_allclose(ours, vectors[f"{case}/{name}"], atol=tolerance, rtol=0)
    matrices = rot6d_to_matrix(output.rot6d)
    np.testing.assert_allclose(matrices, vectors[f"{case}/rotmat"], atol=tolerance, rtol=0)


CASES = {
    "emb4_T4_B1": INTConfig.image(temporal_embedding_length=4),
    "emb16_T4_B1": INTConfig.image(),
    "heads1_emb4_T4_B1": INTConfig.image(temporal_embedding_length=4, temporal_heads=1),
    "noemb_T4_B1": INTConfig.image(temporal_embedding_length=None),
}


@pytest.mark.parametrize("case", CASES)
def test_four_frames_agree_with_the_reference(vectors, image_network, watched, case):
    network = like(image_network, CASES[case], torch.float64)
    joints, output = temporal_and_heads(network, watched["read_outs"])
    compare(vectors, case, output, SINGLE)
    patches = watched["pe"][None]
    np.testing.assert_allclose(patches.mean((-1, -2)), vectors[f"{case}/pe_mean"], atol=SINGLE)
    deviation = patches.std((-1, -2), correction=0)
    np.testing.assert_allclose(deviation, vectors[f"{case}/pe_std"], atol=SINGLE)
    pieces = {
        "pe_c8": (patches[:, :, PLACES, :8], PATCHES),
        "jt_c8": (watched["read_outs"][None, :, :JOINT_COUNT, :8], SINGLE),
        "jt_after_c8": (joints[..., :8], SINGLE),
    }
    for name, (ours, tolerance) in pieces.items():
        np.testing.assert_allclose(ours, vectors[f"{case}/{name}"], atol=tolerance, rtol=0)
        if f"{case}/f64/{name}" in vectors.files:
            np.testing.assert_allclose(ours, vectors[f"{case}/f64/{name}"], atol=DOUBLE, rtol=0)
    if f"{case}/f64/rot6d" in vectors.files:
        compare(vectors, f"{case}/f64", output, DOUBLE)


def test_theta_agrees_with_the_reference(vectors, image_network, watched):
    network = like(image_network, CASES["emb16_T4_B1"], torch.float64)
    _, (rot6d, betas, camera) = temporal_and_heads(network, watched["read_outs"])
    pose = matrix_to_axis_angle(rot6d_to_matrix(rot6d)).flatten(2)
    theta = torch.cat((camera, pose, betas), dim=-1)
    np.testing.assert_allclose(theta, vectors["emb16_T4_B1/theta"], atol=1e-3)


def test_every_stage_and_block_agrees_with_the_reference(vectors, watched):
    case = "emb4_T4_B1"
    for name in ("stem", "stage0", "stage1", "stage2"):
        features = watched[name]
        assert tuple(features.shape) == tuple(vectors[f"{case}/{name}_shape"])
        places = [0, features.shape[-1] // 2, features.shape[-1] - 1]
        picked = features[:, :8][:, :, places][..., places]
        np.testing.assert_allclose(picked, vectors[f"{case}/{name}_c8"], atol=PATCHES, rtol=0)
        flat = features.flatten(1)
        found = torch.stack((flat.mean(1), flat.std(1, correction=0)), dim=1)
        np.testing.assert_allclose(found, vectors[f"{case}/{name}_meanstd"], atol=SINGLE, rtol=0)
    for block in range(5):
        picked = watched[f"block{block}"][:, TOKENS, :8]
        np.testing.assert_allclose(
            picked, vectors[f"{case}/block{block}_c8"][0:4], atol=PATCHES, rtol=0
        )
    # What the last block makes of cls and patches is never looked at, so it is not computed.
    read = [token for token in TOKENS if token < 26]
    for name, ours in (("block5", watched["block5"]), ("tok", watched["tok"])):
        expected = vectors[f"{case}/{name}_c8"][:, : len(read)]
        np.testing.assert_allclose(ours[:, read, :8], expected, atol=PATCHES, rtol=0)
    joints = watched["read_outs"][None, :, :JOINT_COUNT]
    np.testing.assert_allclose(joints, vectors[f"{case}/jt_full"], atol=SINGLE, rtol=0)


def test_single_pictures_agree_with_the_reference(vectors, image_network):
    network = like(image_network, INTConfig.image(temporal=False), torch.float64)
    with torch.no_grad():
        output = network(torch.from_numpy(parity.frames(16, 2, 1)).double())
    compare(vectors, "phase1_T1_B2", output, SINGLE)
    compare(vectors, "phase1_T1_B2/f64", output, DOUBLE)


@pytest.mark.parametrize(("clips", "seed"), [(1, 11), pytest.param(2, 12, marks=pytest.mark.long)])
def test_whole_clips_agree_with_the_reference_in_single_precision(
    vectors, image_network, clips, seed
):
    with torch.no_grad():
        output = image_network(torch.from_numpy(parity.frames(seed, clips, 16)))
    compare(vectors, f"emb16_T16_B{clips}", output, SINGLE)


@pytest.mark.parametrize(
    ("length", "frames", "clips"),
    [(16, 16, 2), (16, 4, 1), (16, 1, 2), (16, 24, 1), (16, 64, 1), (64, 16, 1)],
)
def test_temporal_part_agrees_with_the_reference(vectors, image_network, length, frames, clips):
    case = f"temporal_emb{length}_T{frames}_B{clips}"
    network = like(image_network, INTConfig.image(temporal_embedding_length=length))
    random = np.random.RandomState(1000 + 100 * length + frames)
    joints = random.standard_normal((clips * frames, JOINT_COUNT, 768)).astype(np.float32)
    before = network.temporal_pos_embedding.detach().clone()
    with torch.no_grad():
        found = network.relate_frames(torch.from_numpy(joints).unflatten(0, (clips, frames)))
        embedding = network.time_embedding(frames)[0, :, :8]
    np.testing.assert_allclose(found[..., :8], vectors[f"{case}/out_c8"], atol=SINGLE, rtol=0)
    np.testing.assert_allclose(found.mean(-1), vectors[f"{case}/out_mean"], atol=SINGLE)
    deviation = found.std(-1, correction=0)
    np.testing.assert_allclose(deviation, vectors[f"{case}/out_std"], atol=SINGLE)
    np.testing.assert_allclose(embedding, vectors[f"{case}/emb_c8"], atol=1e-6)
    assert torch.equal(network.temporal_pos_embedding, before)
