import dataclasses

import pytest
import torch

from core_model.body.model import default_body
from core_model.errors import AssetError, MocapError
from core_model.network import INTConfig, INTNetwork
from tests.train.phases.tiny import TINY
from train.bodies.posed_points import Regressors
from train.bodies.reference_layout import smpl_buffers
from train.phases.config import NetworkConfig, PhaseRunConfig
from train.phases.network import make_network
from train.settings.records import built_config

SIZES = built_config(NetworkConfig, TINY, "test")


def vision_transformer(path):
    """Write a file with the keys of timm's hybrid: twelve blocks and a head, no joint tokens."""
    sizes = dataclasses.replace(SIZES, blocks=2, temporal=False).sizes()
    given = INTNetwork(sizes).state_dict()
    own = ("joint3d_", "shape_", "cam_")
    given = {name: tensor for name, tensor in given.items() if not name.startswith(own)}
    given = {name: torch.rand_like(tensor) for name, tensor in given.items()}
    given |= {"pre_logits.fc.weight": torch.zeros(48, 48), "pre_logits.fc.bias": torch.zeros(48)}
    given |= {"head.weight": torch.zeros(21843, 48), "head.bias": torch.zeros(21843)}
    torch.save(given, path)
    return given


def test_phase_1_begins_with_the_hybrid_vision_transformer_and_says_what_matched(tmp_path):
    given = vision_transformer(tmp_path / "vit.pth")
    run = PhaseRunConfig(str(tmp_path), init=str(tmp_path / "vit.pth"))
    network, (said,) = make_network(dataclasses.replace(SIZES, temporal=False), run)
    own = network.state_dict()
    matched = [name for name in given if name in own]
    assert f"{len(matched)} of {len(own)} parameters are taken from it" in said
    assert "new are those of cam_head, cam_token, joint3d_head, joint3d_tokens, shape_head" in said
    assert f"{len(given) - len(matched)} of the file are not used" in said  # blocks.1, the head
    for name in matched:
        torch.testing.assert_close(own[name], given[name], rtol=0, atol=0)


def test_what_is_no_hybrid_vision_transformer_is_refused(tmp_path):
    torch.save({"conv1.weight": torch.zeros(64, 3, 7, 7)}, tmp_path / "resnet.pth")
    with pytest.raises(AssetError, match="no hybrid vision transformer"):
        make_network(SIZES, PhaseRunConfig("x", init=str(tmp_path / "resnet.pth")))


def test_sizes_are_the_papers_if_nothing_is_said():
    assert NetworkConfig().sizes() == INTConfig.image()
    assert NetworkConfig(temporal=False).sizes() == INTConfig.image(temporal=False)
    assert NetworkConfig(time_embedding=False).sizes().temporal_embedding_length is None
    with pytest.raises(MocapError, match="cannot be made"):
        NetworkConfig(trunk=[[100, 1, 1]]).sizes()


def test_checkpoints_have_the_buffers_of_the_references_body():
    body = default_body()
    random = torch.Generator().manual_seed(0)

    def made(*shape):
        return torch.rand(shape, generator=random).numpy()

    smpl = dataclasses.replace(
        body,
        v_template=made(6890, 3),
        shapedirs=made(6890, 3, 10),
        J_regressor=made(24, 6890),
        weights=made(6890, 24),
        faces=torch.randint(6890, (13776, 3)).numpy(),
        posedirs=made(6890, 3, 207),
        landmark_regressor=None,
        fingertip_regressor=None,
    )
    buffers = smpl_buffers(smpl, Regressors(made(30, 6890), None))
    shapes = {name: tuple(tensor.shape) for name, tensor in buffers.items()}
    assert shapes == {
        "smpl.faces_tensor": (13776, 3),
        "smpl.v_template": (6890, 3),
        "smpl.shapedirs": (6890, 3, 10),
        "smpl.J_regressor": (24, 6890),
        "smpl.posedirs": (207, 20670),
        "smpl.parents": (24,),
        "smpl.lbs_weights": (6890, 24),
        "smpl.vertex_joint_selector.extra_joints_idxs": (21,),
        "smpl.J_regressor_extra": (9, 6890),
    }
    assert buffers["smpl.faces_tensor"].dtype == buffers["smpl.parents"].dtype == torch.int64
    # Correction p of coordinate c of vertex v.
    assert smpl.posedirs is not None
    assert buffers["smpl.posedirs"][5, 3 * 100 + 2] == smpl.posedirs[100, 2, 5]
    assert smpl_buffers(body, Regressors(made(30, 8), None)) == {}
