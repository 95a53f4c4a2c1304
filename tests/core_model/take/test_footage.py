"""What captures knew of a motion goes along with what is made of it."""

from dataclasses import replace

import numpy as np
import pytest

from core_model.errors import TakeError
from core_model.take import Footage, Take
from tests.core_model.take.test_take import make_take


def _footage(frames: int) -> Footage:
    camera = np.tile(np.eye(4)[:3], (frames, 1, 1))
    camera[..., 3] = (0.0, -4.0, 1.5)
    camera[-1] = 0.0
    random = np.random.default_rng(3)
    return Footage(
        part=np.arange(frames) // 2,
        clock=np.arange(frames) / 60,
        camera=camera,
        foot_speed=random.random((frames, 2, 2)),
        foot_seen=random.random((frames, 2, 2)),
        foot_scale=1 + random.random(frames),
        foot_stands=random.integers(-1, 2, (frames, 2, 2)),
        foot_slid=random.random((frames, 2, 2)),
    )


def test_a_take_keeps_what_its_captures_knew(tmp_path):
    take = make_take()
    made = replace(take, camera=None, footage=_footage(len(take)))
    made.save(tmp_path / "made.npz")
    known = Take.load(tmp_path / "made.npz").footage
    assert known is not None and made.footage is not None
    for name, values in vars(made.footage).items():
        np.testing.assert_array_equal(getattr(known, name), values)
    assert known.filmed.tolist() == [True] * (len(take) - 1) + [False]
    take.save(tmp_path / "plain.npz")
    assert Take.load(tmp_path / "plain.npz").footage is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"clock": np.zeros(4)},
        {"foot_scale": np.zeros(4)},
        {"foot_speed": np.full((4, 2, 2), np.nan)},
        {"foot_seen": np.zeros((3, 2, 2))},
        {"camera": np.ones((4, 3, 4))},
    ],
)
def test_what_cannot_be_is_refused(wrong):
    frames = 4
    take = make_take()
    part = {name: getattr(take, name)[:1].repeat(frames, 0) for name in ("poses", "trans")}
    with pytest.raises(TakeError):
        Take(
            betas=take.betas,
            times=np.arange(frames) / 30,
            footage=replace(_footage(frames), **wrong),
            **part,
        )


def test_half_of_it_is_damage(tmp_path):
    take = make_take()
    made = replace(take, camera=None, footage=_footage(len(take)))
    made.save(tmp_path / "made.npz")
    arrays = dict(np.load(tmp_path / "made.npz"))
    del arrays["footage_clock"]
    np.savez(tmp_path / "made.npz", **arrays)
    with pytest.raises(TakeError, match="missing"):
        Take.load(tmp_path / "made.npz")
