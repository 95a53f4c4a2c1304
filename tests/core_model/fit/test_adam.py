import subprocess
import sys

import torch

from core_model.fit.adam import Adam


def test_steps_are_those_of_pytorchs_own_to_the_last_bit():
    torch.manual_seed(1)
    start, target = torch.randn(40, 6), torch.randn(40, 6)
    ours, theirs = (start.clone().requires_grad_() for _ in range(2))
    unused = torch.ones(3, requires_grad=True)
    own = Adam([([ours, unused], 0.02)])
    known = torch.optim.Adam([theirs], lr=0.02)
    for step in range(60):
        share = 1 - step / 100
        known.param_groups[0]["lr"] = 0.02 * share
        own.forget_gradients()
        known.zero_grad()
        for moved in (ours, theirs):
            (moved - target).abs().pow(1.5).sum().backward()
        own.step(share)
        known.step()
        assert torch.equal(ours, theirs)
    assert torch.equal(unused, torch.ones(3))


def test_the_compiler_is_not_loaded():
    code = (
        "import sys, torch; from core_model.fit.adam import Adam; x = torch.ones(2, "
        "requires_grad=True); a = Adam([([x], 0.1)]); x.square().sum().backward(); a.step(); "
        "sys.exit('torch._dynamo' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=100).returncode == 0
