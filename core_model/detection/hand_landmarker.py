"""MediaPipe's hand network: 21 landmarks of the hand in a region.

Zhang et al., "MediaPipe Hands: On-device Real-time Hand Tracking", CVPR workshop 2020.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from queue import LifoQueue
from typing import TypeVar

import cv2
import numpy as np

from core_model.detection.litert import PoseModel
from core_model.detection.region import Region
from core_model.engine.side_by_side import cores

T = TypeVar("T")

INPUT_SIZE = 224
HAND_LANDMARKS = (
    "wrist",
    *("thumb_cmc", "thumb_mcp", "thumb_ip", "thumb_tip"),
    *("index_mcp", "index_pip", "index_dip", "index_tip"),
    *("middle_mcp", "middle_pip", "middle_dip", "middle_tip"),
    *("ring_mcp", "ring_pip", "ring_dip", "ring_tip"),
    *("pinky_mcp", "pinky_pip", "pinky_dip", "pinky_tip"),
)
_OUTPUTS = "Identity", "Identity_1", "Identity_2", "Identity_3"  # all that it has
HAND_INDEX = {name: index for index, name in enumerate(HAND_LANDMARKS)}
HAND_LANDMARK_COUNT = len(HAND_LANDMARKS)


@dataclass(frozen=True)
class Hand:
    """What the network saw in one region.

    Parameters
    ----------
    landmarks : (21, 2)
        Pixels of the picture, in the order of `HAND_LANDMARKS`.
    world : (21, 3)
        Metres from the middle of the hand, in the picture's axes: x right, y down, z away.
    presence : float
        0 to 1, whether there is a hand in the region.
    rightness : float
        0 to 1, whether it is a right hand.
    """

    landmarks: np.ndarray
    world: np.ndarray
    presence: float
    rightness: float


class HandLandmarker:
    """Finds the landmarks of one hand at a time.

    Raises
    ------
    AssetError
        When the model is missing or damaged.
    """

    def __init__(self) -> None:
        self._model = PoseModel("hand_landmark_full.tflite", _OUTPUTS, threads=lambda: 1)

    def find(self, image: np.ndarray, region: Region) -> Hand:
        """Find the landmarks of the hand in `region` of `image` (H, W, 3), RGB uint8."""
        patch = region.cut(image, INPUT_SIZE, cv2.BORDER_REPLICATE)
        outputs = self._model(patch * np.float32(1 / 255))
        points = outputs["Identity"].reshape(HAND_LANDMARK_COUNT, 3)[:, :2] / INPUT_SIZE
        world = outputs["Identity_3"].reshape(HAND_LANDMARK_COUNT, 3)
        cos, sin = np.cos(region.angle), np.sin(region.angle)
        turn = np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])
        return Hand(
            landmarks=region.points_to_pixels(points),
            world=world @ turn.T,
            presence=float(outputs["Identity_1"][0]),
            rightness=float(outputs["Identity_2"][0]),
        )


class HandLandmarkers:
    """Landmarkers that look at several hands at once, on as many cores as there are.

    Parameters
    ----------
    most : int
        So many are of use.
    """

    def __init__(self, most: int) -> None:
        count = min(cores(), most)
        self._free: LifoQueue[HandLandmarker | None] = LifoQueue()
        for _ in range(count):
            self._free.put(None)  # loaded when those that are do not suffice
        self._threads = ThreadPoolExecutor(count, "hands")

    def __enter__(self) -> "HandLandmarkers":
        return self

    def __exit__(self, *reason: object) -> None:
        self._threads.shutdown(cancel_futures=True)

    def each(
        self, looks: Sequence[Callable[[HandLandmarker], T]], at_once: Callable[[], int]
    ) -> list[T]:
        """Let landmarkers do several things; return what they give, in their order.

        Parameters
        ----------
        looks : sequence of callable
            As for `begin`.
        at_once : callable
            Asked, before each of them, how many may be done at once.
        """
        begun: list[Future[T]] = []
        for look in looks:
            while len(going := [each for each in begun if not each.done()]) >= at_once():
                wait(going, return_when=FIRST_COMPLETED)
            begun.append(self.begin(look))
        return [each.result() for each in begun]

    def begin(self, look: Callable[[HandLandmarker], T]) -> Future[T]:
        """Let a landmarker that is free do something; the result is what that gives.

        It raises an `AssetError` where the model is missing or damaged.
        """

        def run() -> T:
            landmarker = self._free.get()
            try:
                landmarker = landmarker or HandLandmarker()
                return look(landmarker)
            finally:
                self._free.put(landmarker)

        return self._threads.submit(run)
