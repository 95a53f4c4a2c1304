"""From the pictures of a clip to joint rotations, through the image INT.

The clip is read a second time. Every crop goes through the spatial part of the network once; what
that makes of it waits only until the windows it belongs to are complete, so that memory does not
grow with the clip. Where windows overlap, their rotations are blended.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from core_model.body.skeleton import JOINT_COUNT
from core_model.geometry.camera import Camera
from core_model.geometry.rotations import nearest_rotation, rot6d_to_matrix
from core_model.geometry.weak_perspective import whole_picture_translation
from core_model.lifting.crops import cut_crop, normalised
from core_model.lifting.keypoint_lifting import Lifted
from core_model.lifting.windows import overlapping_windows, step_between_frames
from core_model.network import INTNetwork
from core_model.network.batches import Batches
from core_model.video.clip import Frame
from core_model.video.prefetch import prefetched

DEFAULT_WINDOW = 16
_LEAST_SCALE = 0.2  # a person would fill a sixth of the crop; in truth it is most of it


@dataclass(frozen=True)
class Strand:
    """One person in a stretch of the clip.

    Parameters
    ----------
    first : int
        Index of the first frame in the clip.
    squares : (T, 3)
        Centre and side in pixels of what is cut out of each frame.
    zoom : (T,) or (0,)
        Focal length of each frame as a multiple of the camera's; empty if that never changed.
    """

    first: int
    squares: np.ndarray
    zoom: np.ndarray = field(default_factory=lambda: np.empty(0))


def lift_pictures(
    network: INTNetwork,
    frames: Iterable[Frame],
    strands: Sequence[Strand],
    frame_rate: float,
    camera: Camera,
    device: torch.device,
    *,
    window: int | None = None,
    batch: int = 16,
    progress: Callable[[int], None] = lambda done: None,
    warn: Callable[[str], None] = lambda sentence: None,
) -> list[Lifted]:
    """Lift all strands in one pass over the clip.

    Parameters
    ----------
    network : INTNetwork
        With image evidence, on `device`.
    frames : iterable of Frame
        The clip from its first frame.
    strands : sequence of Strand
    frame_rate : float
    camera : Camera
        That filmed the clip.
    window : int, optional
        Frames that are seen together; as many as the network was made for if not given.
    batch : int
        Crops that go through the network at a time.
    progress : callable
        Is told how many crops are done.
    warn : callable
        Is told what the user should know, in a sentence.

    Returns
    -------
    list of Lifted
        One for each strand; the translation is not a number where the network's camera makes no
        sense.
    """
    if not network.config.temporal_blocks:
        window = 1
    window = window or network.config.temporal_embedding_length or DEFAULT_WINDOW
    step = step_between_frames(frame_rate, window) if window > 1 else 1
    gathered = [_Gathered(network, strand, window, step) for strand in strands]
    read = Batches(network.read_frames, warn)
    done = 0
    for owners, crops in prefetched(_crops(frames, strands, batch)):
        tokens = read(normalised(torch.from_numpy(crops).to(device)))
        for (strand, place), token in zip(owners, tokens, strict=True):
            gathered[strand].add(place, token)
        done += len(owners)
        progress(done)
    return [each.finish(camera) for each in gathered]


def _crops(
    frames: Iterable[Frame], strands: Sequence[Strand], batch: int
) -> Iterator[tuple[list[tuple[int, int]], np.ndarray]]:
    """Yield the crops (N, 224, 224, 3) uint8 of all strands, and (strand, place) of each."""
    owners: list[tuple[int, int]] = []
    crops: list[np.ndarray] = []
    last = max((strand.first + len(strand.squares) for strand in strands), default=0)
    for index, frame in enumerate(frames):
        if index >= last:
            break
        for number, strand in enumerate(strands):
            place = index - strand.first
            if 0 <= place < len(strand.squares):
                owners.append((number, place))
                crops.append(cut_crop(frame.image, strand.squares[place]))
                if len(crops) == batch:
                    yield owners, np.stack(crops)
                    owners, crops = [], []
    if crops:
        yield owners, np.stack(crops)


class _Gathered:
    """What the network says about one strand, put together from its windows."""

    def __init__(self, network: INTNetwork, strand: Strand, window: int, step: int) -> None:
        count = len(strand.squares)
        self._network, self._strand = network, strand
        self._waiting: dict[int, Tensor] = {}
        self._windows = overlapping_windows(count, window, step)
        lowest = [int(each.places.min()) for each in self._windows]
        self._needed_from = np.minimum.accumulate(lowest[::-1])[::-1]
        self._next = 0
        # A window knows its middle best: the weights fall off towards its ends.
        self._weight = np.minimum(np.arange(1, window + 1), np.arange(window, 0, -1))
        self._sums = np.zeros((count, JOINT_COUNT, 3, 3))
        self._betas = np.zeros((count, 10), np.float32)
        self._cameras = np.zeros((count, 3), np.float32)

    def add(self, place: int, tokens: Tensor) -> None:
        """Take the read-out tokens (26, D) of the next frame; relate windows that are complete."""
        self._waiting[place] = tokens
        while self._next < len(self._windows):
            places, targets = self._windows[self._next]
            if places.max() > place:
                break
            self._relate(torch.stack([self._waiting[int(each)] for each in places]), targets)
            self._next += 1
            if self._next < len(self._windows):
                for old in [p for p in self._waiting if p < self._needed_from[self._next]]:
                    del self._waiting[old]

    def _relate(self, tokens_TRD: Tensor, targets: np.ndarray) -> None:
        joints = tokens_TRD[None, :, :JOINT_COUNT]
        if self._network.config.temporal_blocks:
            joints = self._network.relate_frames(joints)
        output = self._network.read_out(joints, tokens_TRD[None])
        rotations = rot6d_to_matrix(output.rot6d[0].float()).cpu().numpy()
        wanted = targets >= 0
        places = targets[wanted]
        self._sums[places] += (self._weight[:, None, None, None] * rotations)[wanted]
        self._betas[places] = output.betas[0].float().cpu().numpy()[wanted]
        self._cameras[places] = output.camera[0].float().cpu().numpy()[wanted]

    def finish(self, camera: Camera) -> Lifted:
        """Return what was found once all frames have been added."""
        squares, weak = self._strand.squares, self._cameras.astype(np.float64)
        if np.size(self._strand.zoom):
            zoom = self._strand.zoom
            middle = camera.through_one_lens(squares[:, :2], zoom)
            squares = np.concatenate((middle, squares[:, 2:] / zoom[:, None]), axis=1)
        makes_sense = weak[:, :1] > _LEAST_SCALE
        weak[:, :1] = np.where(makes_sense, weak[:, :1], 1)
        at = whole_picture_translation(weak, squares, camera.focal, camera.center)
        return Lifted(
            rotations=nearest_rotation(self._sums),
            betas=np.median(self._betas, axis=0).astype(np.float64),
            translation=np.where(makes_sense, at, np.nan),
        )
