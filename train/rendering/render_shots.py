"""Render the clips of the benchmarks `rendered` and `withheld` and their truth: `make rendered`."""

import argparse
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from bake.headless import end, silence_stdout
from core_model.body.model import Body, default_body
from core_model.engine.command_line import a_path, command
from core_model.storage.atomic import replaced_when_complete
from core_model.take import Take
from core_model.video.clip import open_video
from train.places import DEFAULT_DATA, RENDERED_FOLDER, REPOSITORY, WITHHELD_FOLDER
from train.rendering.render_scene import Person, render
from train.rendering.sets import furnished_set
from train.rendering.shot import FRAME_RATE, Shot
from train.rendering.shots import SHOTS
from train.rendering.staging import filmed_takes, obstacles_of
from train.rendering.video_writing import write_video
from train.rendering.withheld_shots import WITHHELD_SHOTS

_CRF = 21
_SHEET_MOMENTS = 4
_CELL_HEIGHT = 100


@command("python -m train.rendering.render_shots")
def main(arguments: list[str] | None = None) -> int:
    """Render the clips, or those that are named."""
    parser = argparse.ArgumentParser(
        prog="python -m train.rendering.render_shots",
        description="Render the clips of the rendered benchmark and their truth, or those of the "
        "second set, which nothing is chosen by.",
    )
    parser.add_argument("names", nargs="*", help="clips; all if none is named")
    parser.add_argument("--withheld", action="store_true", help="the second set")
    parser.add_argument("-o", "--out", type=a_path, help="a folder (default: where they belong)")
    parser.add_argument("--data", type=a_path, default=DEFAULT_DATA)
    parser.add_argument("--sheet", type=a_path, help="write a picture of all clips there are")
    parser.add_argument("--missing", action="store_true", help="leave the clips that are there")
    options = parser.parse_args(arguments)
    body = default_body()
    shots, usual = (
        (WITHHELD_SHOTS, WITHHELD_FOLDER) if options.withheld else (SHOTS, RENDERED_FOLDER)
    )
    folder = options.out or usual
    folder.mkdir(parents=True, exist_ok=True)
    for shot in shots:
        named = not options.names or shot.name in options.names
        there = options.missing and (folder / f"{shot.name}.mp4").exists()
        if named and not there:
            film(shot, body, folder, options.data)
    if options.sheet:
        write_contact_sheet(folder, options.sheet)
    return 0


def film(shot: Shot, body: Body, folder: Path, data: Path) -> None:
    """Write NAME.mp4 and the truth of everybody in it, NAME_01.npz and so on."""
    takes = filmed_takes(shot, body, data, REPOSITORY / ".cache")
    camera = takes[0].camera
    assert camera is not None
    path = np.concatenate([take.joints(body)[..., :2].reshape(-1, 2) for take in takes])
    surroundings = furnished_set(
        shot.seed, path, camera.to_world[:3, 3], shot.clutter, obstacles_of(shot, takes, body)
    )
    people = [Person(take, actor.outfit) for take, actor in zip(takes, shot.actors, strict=True)]
    pictures = render(people, surroundings, body, shot.light_turns, shot.shadows)
    write_video(
        folder / f"{shot.name}.mp4",
        tqdm(pictures, shot.name, shot.frames, unit="frame"),
        FRAME_RATE,
        _CRF,
    )
    for number, take in enumerate(takes, start=1):
        _compact(take).save(folder / f"{shot.name}_{number:02d}.npz")


def _compact(take: Take) -> Take:
    """Round what is saved to a hundredth of a millimetre and of a milliradian: smaller files."""
    take.poses, take.trans = np.round(take.poses, 5), np.round(take.trans, 5)
    return take


def write_contact_sheet(folder: Path, path: Path) -> None:
    """Lay moments of every clip in a folder beside each other."""
    rows = []
    for video in sorted(folder.glob("[!.]*.mp4")):
        frames = [frame.image for frame in open_video(video)]
        picked = [frames[int(i)] for i in np.linspace(0, len(frames) - 1, _SHEET_MOMENTS)]
        cells = [
            cv2.resize(
                frame,
                (round(_CELL_HEIGHT * frame.shape[1] / frame.shape[0]), _CELL_HEIGHT),
                interpolation=cv2.INTER_AREA,
            )
            for frame in picked
        ]
        row = np.concatenate(cells, axis=1)
        cv2.putText(row, video.stem, (6, 16), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 3)
        cv2.putText(row, video.stem, (6, 16), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (255,) * 3, 1)
        rows.append(row)
    half = (len(rows) + 1) // 2
    width = max(row.shape[1] for row in rows)
    rows = [np.pad(row, ((0, 2), (0, width + 6 - row.shape[1]), (0, 0))) for row in rows]
    rows += [np.zeros_like(rows[0])] * (2 * half - len(rows))
    sheet = np.concatenate((np.concatenate(rows[:half]), np.concatenate(rows[half:])), axis=1)
    with replaced_when_complete(path) as temporary:
        cv2.imwrite(str(temporary), cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR))


if __name__ == "__main__":
    silence_stdout()
    end(main())
