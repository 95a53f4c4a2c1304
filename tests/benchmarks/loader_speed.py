"""Speed and memory of what reads pictures for training, from 1080p JPEG frames.

Run as `python -m tests.benchmarks.loader_speed`. Clips as phases 2 and 3 draw them, with all that
varies them. The frames are of a clip of the data folder where it stands beside the repository, else
made up; people's boxes are of the sizes that 3DPW's are.
"""

import argparse
import os
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import av
import cv2
import numpy as np

from train.databases.pictures.database import open_database
from train.databases.pictures.database_file import write_table
from train.databases.pictures.mixture import MixtureConfig
from train.phases.augmentation import AugmentationConfig
from train.phases.samples import Mixture
from train.places import DEFAULT_DATA

WIDTH, HEIGHT = 1920, 1080
FRAMES = 1024
CLIP = DEFAULT_DATA / "clips" / "pose2sim_single" / "cam01.mp4"
SIDES = (350, 900)
"""Pixels, smallest and largest of the sides of people's boxes."""


def main() -> None:
    """Read batches and print how fast, and the memory of all processes along the way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--batches", type=int, default=40, help="of 64 crops")
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        root = Path(folder) / "data"
        kilobytes = write_frames(root)
        print(f"{FRAMES} frames of {WIDTH}x{HEIGHT}, {kilobytes:.0f} kB each; ", end="")
        print(f"{given.workers} workers of {os.cpu_count()} processors")
        database = open_database(root, "h36m", "train", "video_3d")
        config = MixtureConfig(clips_3d=4)
        for reduced in (False, True):
            augmentation = AugmentationConfig(jitter=0.3, erase=0.3, reduced_decoding=reduced)
            mixture = Mixture([database], config, augmentation, seed=0)
            cpu = cpu_seconds(mixture)
            print(
                f"{'reduced' if reduced else 'whole'} pictures: {1000 * cpu:.1f} ms of one ", end=""
            )
            print(f"processor a crop; {speed(mixture, given.workers, given.batches)}")
        print("brightness and erasing off: ", end="")
        plain = replace(augmentation, jitter=0.0, erase=0.0)
        print(speed(Mixture([database], config, plain, 0), given.workers, given.batches))


def cpu_seconds(mixture: Mixture) -> float:
    """Return how long a processor works on a crop, whatever else the machine does."""
    cv2.setNumThreads(0)
    mixture[0]
    started = time.process_time()
    for number in range(1, 5):
        mixture[number]
    return (time.process_time() - started) / (4 * 64)


def speed(mixture: Mixture, workers: int, batches: int) -> str:
    """Return a sentence on crops a second, and on memory at four places of the way."""
    read = mixture.loader(range(batches + 4), workers)
    for _ in range(4):
        next(read)
    memory, started = [memory_of_all()], time.monotonic()
    for number in range(batches):
        next(read)
        if (number + 1) % (batches // 4) == 0:
            memory.append(memory_of_all())
    rate = 64 * batches / (time.monotonic() - started)
    return f"{rate:.0f} crops/s; memory {', '.join(f'{each:.0f}' for each in memory)} MB"


def memory_of_all() -> float:
    """Return the memory of this process and its children, shared pages counted once; MB."""
    total = 0
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    for number in (os.getpid(), *map(int, children)):
        for line in Path(f"/proc/{number}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1000


def write_frames(root: Path) -> float:
    """Write pictures and a database of a set with truth in space; return kB of a picture."""
    random = np.random.default_rng(0)
    kinds = pictures(16)
    folder = root / "pictures"
    folder.mkdir(parents=True)
    for number in range(FRAMES):
        (folder / f"{number:06d}.jpg").write_bytes(kinds[number % len(kinds)])
    sides = random.uniform(*SIDES, FRAMES)
    centres = random.uniform((500, 400), (1400, 700), (FRAMES, 2))
    table = {
        "img_name": np.array([f"data/pictures/{number:06d}.jpg" for number in range(FRAMES)]),
        "vid_name": np.repeat([f"video_{number}" for number in range(4)], FRAMES // 4),
        "bbox": np.column_stack((centres, sides, sides)),
        "joints2D": random.uniform(0, 1000, (FRAMES, 49, 3)),
        "joints3D": random.normal(size=(FRAMES, 49, 4)),
        "pose": random.normal(size=(FRAMES, 72)),
        "shape": random.normal(size=(FRAMES, 10)),
    }
    (root / "database").mkdir()
    write_table(root / "database" / "h36m_train_db.pt", table)
    return sum(map(len, kinds)) / len(kinds) / 1000


def pictures(count: int) -> list[bytes]:
    """Return JPEG pictures of photographs, or of coloured noise that takes as long."""
    found = []
    if CLIP.exists():
        with av.open(str(CLIP)) as clip:
            for number, frame in enumerate(clip.decode(video=0)):
                if number == count:
                    break
                found.append(cv2.resize(frame.to_ndarray(format="bgr24"), (WIDTH, HEIGHT)))
    else:
        random = np.random.default_rng(0)
        for _ in range(count):
            noise = random.integers(0, 256, (HEIGHT // 4, WIDTH // 4, 3), dtype=np.uint8)
            found.append(cv2.resize(noise, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC))
    quality = [cv2.IMWRITE_JPEG_QUALITY, 92]
    return [cv2.imencode(".jpg", each, quality)[1].tobytes() for each in found]


if __name__ == "__main__":
    main()
