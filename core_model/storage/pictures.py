"""The pictures of a folder as a clip: which files they are, in which order, and which are missing.

Capture reads a folder by these rules and Blender's background shows it by them.
"""

import os
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp"})

_LONGEST_GAP = 10  # times the pictures that are there: beyond it, numbers are no count of pictures


def pictures_in(folder: Path) -> list[Path]:
    """Return the pictures of a folder in natural order, `frame_2` before `frame_10`.

    Hidden files are none, whatever they are called: macOS puts `._frame_1.jpg` beside `frame_1.jpg`
    on foreign disks.
    """
    with os.scandir(folder) as entries:
        names = [
            entry.name
            for entry in entries
            if not entry.name.startswith(".")
            and os.path.splitext(entry.name)[1].lower() in SUFFIXES
            and entry.is_file()
        ]
    return [folder / name for name in sorted(names, key=_natural)]


def places_of(files: Sequence[Path]) -> list[int]:
    """Return the place of each picture in the clip, from 0; a missing number leaves its place out.

    Where names do not differ in one number that counts the pictures, there are no gaps.

    Parameters
    ----------
    files : sequence of Path
        From `pictures_in`.
    """
    in_turn = list(range(len(files)))
    names = [re.split(r"(\d+)", file.stem) for file in files]
    if len(names) < 3 or len({len(parts) for parts in names}) > 1:
        return in_turn
    varying = [index for index, parts in enumerate(zip(*names, strict=True)) if len(set(parts)) > 1]
    if len(varying) != 1 or not names[0][varying[0]].isdecimal():
        return in_turn
    numbers = [int(parts[varying[0]]) for parts in names]
    steps = [after - before for before, after in zip(numbers[:-1], numbers[1:], strict=True)]
    step, count = Counter(steps).most_common(1)[0]
    regular = step > 0 and 2 * count >= len(steps) and all(each % step == 0 for each in steps)
    if (
        not regular
        or min(steps) < step
        or numbers[-1] - numbers[0] > _LONGEST_GAP * step * len(files)
    ):
        return in_turn
    return [(number - numbers[0]) // step for number in numbers]


def _natural(name: str) -> list[tuple[int, int, str]]:
    parts = re.split(r"(\d+)", name.lower())
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]
