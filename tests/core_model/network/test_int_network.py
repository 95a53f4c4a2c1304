import torch

from core_model.network import INTConfig, INTNetwork


def test_parameters_are_those_of_the_published_files(shared):
    rows = (shared / "parity" / "state_dict_keys.txt").read_text().splitlines()
    keys = {row.split("\t")[0] for row in rows if not row.startswith(("#", "smpl."))}
    network = INTNetwork(INTConfig.image())
    assert set(network.state_dict()) == keys
    assert sum(p.numel() for p in network.parameters()) == 76_673_363
    phase_1 = INTNetwork(INTConfig.image(temporal=False))
    assert sum(p.numel() for p in phase_1.parameters()) == 55_397_459


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
