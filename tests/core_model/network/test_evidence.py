import torch

from core_model.network.evidence import normalise_landmarks


def test_size_and_place_in_the_picture_do_not_matter():
    torch.manual_seed(0)
    flat = torch.cat((0.1 * torch.randn(4, 33, 2), torch.ones(4, 33, 1)), -1)
    evidence, _ = normalise_landmarks(flat, torch.ones(4, 33))
    larger = flat.clone()
    larger[..., :2] *= 0.5
    scaled, _ = normalise_landmarks(larger, torch.ones(4, 33))
    # Perspective differs a little between near and far.
    assert (scaled - evidence).abs().max() < 0.15
    spread = evidence[:, 11:, :2].square().sum(-1).mean(-1).sqrt()
    torch.testing.assert_close(spread, torch.ones(4))


def test_the_turned_camera_looks_at_the_figure():
    rays = torch.cat(
        (torch.tensor([0.6, -0.3]) + 0.05 * torch.randn(2, 33, 2), torch.ones(2, 33, 1)), -1
    )
    _, turn = normalise_landmarks(rays, torch.ones(2, 33))
    center = rays[:, 11:].mean(1)
    seen = (turn @ center[..., None])[..., 0]
    assert seen[:, :2].abs().max() < 1e-5
    torch.testing.assert_close(turn @ turn.transpose(1, 2), torch.eye(3).expand(2, 3, 3))
