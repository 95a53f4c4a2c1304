"""Film performances with several cameras, and write their truth: `make rendered-views`."""

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
from tqdm import tqdm

from bake.headless import end, silence_stdout
from core_model.body.model import Body, default_body
from core_model.body.skeleton import JOINT_INDEX
from core_model.engine.command_line import a_path, command
from core_model.take import Take
from train.places import DEFAULT_DATA, REPOSITORY, VIEWS_FOLDER, WITHHELD_VIEWS_FOLDER
from train.rendering.claps import heard
from train.rendering.filmed_views import Clap, FilmedView, read_views, write_views
from train.rendering.following import following_camera
from train.rendering.in_time import take_at
from train.rendering.render_scene import Mesh, Person, render
from train.rendering.sets import furnished_set
from train.rendering.shot import FRAME_RATE, Phone, ViewShot
from train.rendering.staging import filmed_takes, obstacles_of, placed_camera
from train.rendering.video_writing import Sound, write_video
from train.rendering.view_sheet import write_view_sheet
from train.rendering.view_shots import VIEW_SHOTS
from train.rendering.withheld_view_shots import WITHHELD_VIEW_SHOTS

_CRF = 21
_HANDS = [JOINT_INDEX["left_hand"], JOINT_INDEX["right_hand"]]
_OPPOSITE = 0.5
"""Length of the sum of the cameras' directions below which they look against each other."""


@command("python -m train.rendering.render_views")
def main(arguments: list[str] | None = None) -> int:
    """Film the performances, or those that are named."""
    parser = argparse.ArgumentParser(
        prog="python -m train.rendering.render_views",
        description="Film performances of the rendered benchmark with two or three cameras, which "
        "start when they like, and write the truth of people, cameras and clocks.",
    )
    parser.add_argument("names", nargs="*", help="performances; all if none is named")
    parser.add_argument("--withheld", action="store_true", help="the second set")
    parser.add_argument("-o", "--out", type=a_path, help="a folder (default: where they belong)")
    parser.add_argument("--data", type=a_path, default=DEFAULT_DATA)
    parser.add_argument("--sheet", type=a_path, help="write a picture of all there are")
    parser.add_argument("--missing", action="store_true", help="leave what is there")
    options = parser.parse_args(arguments)
    shots, usual = (
        (WITHHELD_VIEW_SHOTS, WITHHELD_VIEWS_FOLDER)
        if options.withheld
        else (VIEW_SHOTS, VIEWS_FOLDER)
    )
    folder = options.out or usual
    folder.mkdir(parents=True, exist_ok=True)
    body = default_body()
    for shot in shots:
        if not options.names or shot.shot.name in options.names:
            if not (options.missing and (folder / f"{shot.shot.name}.json").exists()):
                stage(shot, body, folder, options.data)
            film(shot, body, folder, options.missing)
    if options.sheet:
        write_view_sheet(folder, options.sheet)
    return 0


def stage(shot: ViewShot, body: Body, folder: Path, data: Path) -> None:
    """Write the truth of everybody, NAME_01.npz and so on, and of the cameras, NAME.json."""
    name = shot.shot.name
    takes = filmed_takes(shot.shot, body, data, REPOSITORY / ".cache")
    for number, take in enumerate(takes, start=1):
        take.poses, take.trans = np.round(take.poses, 5), np.round(take.trans, 5)
        take.save(folder / f"{name}_{number:02d}.npz")
    views = [
        _filmed(phone, folder / f"{name}_{letter}.mp4", shot, takes, body)
        for letter, phone in zip("abc", shot.phones, strict=False)
    ]
    hands = takes[0].joints(body)[:, _HANDS].mean(axis=1)
    claps = [Clap(time, hands[round(time * FRAME_RATE)]) for time in shot.claps]
    write_views(folder / f"{name}.json", views, claps)


def film(shot: ViewShot, body: Body, folder: Path, missing: bool) -> None:
    """Write the clips of what was staged, or those that are not there: NAME_a.mp4 and so on."""
    name = shot.shot.name
    takes = [Take.load(path) for path in sorted(folder.glob(f"{name}_??.npz"))]
    views, claps = read_views(folder / f"{name}.json")
    surroundings = _room(shot, takes, views, body)
    light = _light_along(views)
    for number, (view, phone) in enumerate(zip(views, shot.phones, strict=True)):
        if missing and view.video.exists():
            continue
        people = [
            Person(view.seen(take, body), actor.outfit)
            for take, actor in zip(takes, shot.shot.actors, strict=True)
        ]
        pictures = render(people, surroundings, body, 0.0, shot.shot.shadows, light)
        write_video(
            view.video,
            tqdm(pictures, view.video.stem, view.frames, unit="frame"),
            phone.frame_rate,
            _CRF,
            _sound(view, phone, claps, shot.shot.seed + 1000 * number),
        )


def _filmed(phone: Phone, video: Path, shot: ViewShot, takes: list[Take], body: Body) -> FilmedView:
    joints = np.concatenate([take.joints(body) for take in takes], axis=1)
    view = FilmedView(
        video=video,
        camera=placed_camera(joints, replace(shot.shot, view=phone.view, size=phone.size)),
        start=phone.start,
        frame_rate=float(phone.frame_rate),
        frames=phone.frames,
        drift=phone.drift,
        sound=phone.microphone > 0,
    )
    if not phone.turning:
        return view
    moved = [take_at(take, view.times()).joints(body) for take in takes]
    camera, turns = following_camera(
        np.concatenate(moved, axis=1), phone.view, phone.size, view.frame_rate
    )
    return replace(view, camera=camera, turns=turns)


def _room(shot: ViewShot, takes: list[Take], views: list[FilmedView], body: Body) -> Mesh:
    path = np.concatenate([take.joints(body)[..., :2].reshape(-1, 2) for take in takes])
    eyes = np.array([view.camera.to_world[:3, 3] for view in views])
    hiding = [replace(take, camera=views[0].camera) for take in takes]
    obstacles = obstacles_of(shot.shot, hiding, body)
    seed, clutter = shot.shot.seed, shot.shot.clutter
    return furnished_set(seed, path, eyes[0], clutter, obstacles, eyes[1:])


def _light_along(views: list[FilmedView]) -> np.ndarray:
    """Return where the light of the room goes to, seen from above: every camera sees a lit side."""
    ahead = np.array([view.camera.to_world[:2, 2] for view in views])
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    together = ahead.sum(axis=0)
    return together if np.linalg.norm(together) > _OPPOSITE else ahead[0] @ [[0, 1], [-1, 0]]


def _sound(view: FilmedView, phone: Phone, claps: list[Clap], seed: int) -> Sound | None:
    if not phone.microphone:
        return None
    own = np.arange(round(view.frames / view.frame_rate * phone.microphone)) / phone.microphone
    samples = heard(
        [(clap.time, clap.place) for clap in claps],
        view.camera.to_world[:3, 3],
        view.start + own * (1 + view.drift * 1e-6),
        seed,
    )
    return Sound(samples, phone.microphone)


if __name__ == "__main__":
    silence_stdout()
    end(main())
