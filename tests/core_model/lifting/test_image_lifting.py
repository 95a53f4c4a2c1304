"""The image INT over a clip: every frame, bounded memory, the same as whole windows."""

import threading
from itertools import islice

import numpy as np
import pytest
import torch

from core_model.errors import VideoError
from core_model.geometry.camera import Camera
from core_model.geometry.rotations import rot6d_to_matrix
from core_model.lifting import image_lifting
from core_model.lifting.crops import cut_crop, normalised
from core_model.lifting.image_lifting import Strand, lift_pictures
from core_model.network.batches import Batches
from core_model.video.clip import Frame
from core_model.video.prefetch import prefetched

CPU = torch.device("cpu")
SIZE = (160, 120)
CAMERA = Camera.assumed(*SIZE)


def clip(count, alive=None):
    """Yield small pictures that differ; `alive` counts those that somebody still holds."""
    random = np.random.default_rng(0)
    for index in range(count):
        image = random.integers(0, 256, (SIZE[1] // 8, SIZE[0] // 8, 3), dtype=np.uint8)
        yield Frame(index / 30, np.kron(image, np.ones((8, 8, 1), np.uint8)))


def strand(first, count):
    squares = np.column_stack(
        (np.linspace(60, 90, count), np.full(count, 60.0), np.linspace(80, 110, count))
    )
    return Strand(first, squares)


class Stub(torch.nn.Module):
    """Stands for the network: a token tells the mean colour of its frame."""

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.most_waiting = 0

    def read_frames(self, pictures):
        return pictures.mean((1, 2, 3))[:, None, None].expand(-1, 26, 1)

    def relate_frames(self, joints):
        return joints

    def read_out(self, joints, tokens):
        from core_model.network import INTOutput

        angle = joints
        still = torch.zeros_like(angle)
        rot6d = torch.cat(
            (angle.cos(), -angle.sin(), angle.sin(), angle.cos(), still, still), dim=-1
        )
        betas = tokens[:, :, 24].expand(-1, -1, 10)
        camera = torch.cat(
            (torch.ones_like(tokens[:, :, 25]), tokens[:, :, 25].repeat(1, 1, 2)), -1
        )
        return INTOutput(rot6d, betas, camera)


@pytest.fixture
def stub(image_network):
    return Stub(image_network.config)


def brightness(frames, one):
    crops = [
        cut_crop(frame.image, square)
        for frame, square in zip(islice(frames, one.first, None), one.squares, strict=False)
    ]
    return normalised(torch.from_numpy(np.stack(crops))).mean((1, 2, 3)).numpy()


@pytest.mark.parametrize("window", [1, 16, 64])
def test_every_frame_of_every_person_gets_its_own_rotation(stub, window):
    strands = [strand(0, 150), strand(20, 1), strand(40, 30)]
    lifted = lift_pictures(stub, clip(150), strands, 30, CAMERA, CPU, window=window)
    for one, found in zip(strands, lifted, strict=True):
        angle = brightness(clip(150), one)
        assert found.rotations.shape == (len(one.squares), 24, 3, 3)
        np.testing.assert_allclose(found.rotations[:, 5, 1, 0], np.sin(angle), atol=1e-5)
        np.testing.assert_allclose(found.betas, np.median(angle), atol=1e-5)
        extent = one.squares[:, 2]
        assert found.translation is not None
        np.testing.assert_allclose(found.translation[:, 2], 2 * CAMERA.focal / extent)


def test_only_the_frames_of_open_windows_wait(stub, monkeypatch):
    most = 0
    add = image_lifting._Gathered.add

    def counted(self, place, tokens):
        nonlocal most
        add(self, place, tokens)
        most = max(most, len(self._waiting))

    monkeypatch.setattr(image_lifting._Gathered, "add", counted)
    for count in (300, 900):
        lift_pictures(stub, clip(count), [strand(0, count)], 30, CAMERA, CPU)
        assert most <= 128


def test_a_window_agrees_with_the_whole_network(image_network):
    """Four frames at the trained step make one window: what the network says is kept as it is."""
    one = strand(0, 4)
    (found,) = lift_pictures(image_network, clip(4), [one], 1, CAMERA, CPU, window=4, batch=3)
    frames = zip(clip(4), one.squares, strict=True)
    crops = np.stack([cut_crop(frame.image, square) for frame, square in frames])
    output = image_network(normalised(torch.from_numpy(crops))[None])
    expected = rot6d_to_matrix(output.rot6d[0])
    np.testing.assert_allclose(found.rotations, expected, atol=1e-4)
    np.testing.assert_allclose(found.betas, np.median(output.betas[0], axis=0), atol=1e-4)
    assert found.translation is not None
    senseless = output.camera[0, :, 0].numpy() <= 0.2
    np.testing.assert_array_equal(np.isnan(found.translation[:, 2]), senseless)


def test_reading_ahead_passes_on_errors_and_ends_its_thread():
    def broken():
        yield 1
        raise VideoError("The clip is damaged.")

    stream = prefetched(broken())
    assert next(stream) == 1
    with pytest.raises(VideoError, match="damaged"):
        next(stream)
    endless = prefetched(iter(int, 1))
    next(endless)
    endless.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "prefetch"]


def test_batches_shrink_when_memory_runs_out_and_say_so():
    sizes: list[int] = []
    said: list[str] = []

    def greedy(rows):
        sizes.append(len(rows))
        if len(rows) > 3:
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried ...")
        return rows * 2

    batches = Batches(greedy, said.append)
    rows = torch.arange(16)
    for _ in range(2):
        assert torch.equal(batches(rows), rows * 2)
    assert max(sizes[-8:]) == 2
    assert len(said) == 3 and "16 pictures" in said[0]
    with pytest.raises(RuntimeError, match="another"):
        Batches(lambda rows: _raise("another"), said.append)(rows)


def _raise(sentence):
    raise RuntimeError(sentence)


def test_people_before_a_lens_that_zooms_stand_where_they_stand(stub):
    """Twice the focal length shows twice as large what is as far away."""
    filmed = strand(0, 8)
    still, zoomed = (
        lift_pictures(stub, clip(8), [each], 30.0, CAMERA, CPU, window=4, batch=4)[0].translation
        for each in (filmed, Strand(0, filmed.squares, np.full(8, 2.0)))
    )
    assert still is not None and zoomed is not None
    np.testing.assert_allclose(zoomed[:, 2], 2 * still[:, 2])
    np.testing.assert_allclose(zoomed[:, :2], still[:, :2])
