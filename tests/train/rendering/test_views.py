"""Performances filmed by several cameras: every picture shows the truth, at the moment it says."""

from collections.abc import Sequence
from itertools import combinations

import av
import cv2
import numpy as np
import pytest

from core_model.body.model import default_body
from core_model.geometry.rotations import rotation_angle
from core_model.video.clip import open_video
from train.evaluate.view_clips import ViewClip, view_clips
from train.places import VIEWS_FOLDER, WITHHELD_VIEWS_FOLDER
from train.rendering.claps import SPEED_OF_SOUND
from train.rendering.filmed_views import FilmedView
from train.rendering.in_time import take_at
from train.rendering.shot import ViewShot
from train.rendering.view_shots import VIEW_SHOTS
from train.rendering.withheld_view_shots import WITHHELD_VIEW_SHOTS

FIRST = view_clips()
SETS = ((VIEW_SHOTS, FIRST), (WITHHELD_VIEW_SHOTS, view_clips(WITHHELD_VIEWS_FOLDER)))
CLIPS = [clip for _, clips in SETS for clip in clips]
VIEWS = [(clip, view) for clip in CLIPS for view in clip.views]
_LOOKED_AT = 4
"""Pictures of a clip."""

_DIFFERENT = 20  # levels of a colour
_MOMENT = 0.08  # seconds
_CLEARLY, _SLOWLY = 0.08, 0.02  # by how much better the truth agrees; of who sits down slowly


def _name(value: object) -> str:
    return value.video.stem if isinstance(value, FilmedView) else ""


@pytest.mark.parametrize(("shots", "clips"), SETS, ids=["views", "withheld"])
def test_every_performance_of_the_list_is_there_with_its_truth(
    shots: Sequence[ViewShot], clips: Sequence[ViewClip]
) -> None:
    assert len(shots) >= 8
    assert [clip.name for clip in clips] == sorted(shot.shot.name for shot in shots)
    found = {clip.name: clip for clip in clips}
    for shot in shots:
        clip = found[shot.shot.name]
        assert len(clip.takes) == len(shot.shot.actors)
        assert [len(take) for take in clip.takes] == [shot.shot.frames] * len(clip.takes)
        assert clip.paths == [path for path in clip.paths if path.exists()]
        for view, phone in zip(clip.views, shot.phones, strict=True):
            assert (view.start, view.drift, view.frames) == (
                phone.start,
                phone.drift,
                phone.frames,
            )
            assert tuple(view.camera.size) == phone.size and view.turns.size == (
                phone.frames * 9 if phone.turning else 0
            )


def test_the_folder_stays_small() -> None:
    for folder in (VIEWS_FOLDER, WITHHELD_VIEWS_FOLDER):
        assert sum(path.stat().st_size for path in folder.iterdir()) < 25e6


@pytest.mark.parametrize(("clip", "view"), VIEWS, ids=_name)
def test_everybody_is_in_the_picture(clip: ViewClip, view: FilmedView) -> None:
    for take in clip.takes:
        pixels = view.camera.project(view.seen(take).camera_joints())
        assert (pixels > 0).all() and (pixels < view.camera.size).all()


def _silhouettes(view: FilmedView, clip: ViewClip, chosen: np.ndarray, late: float) -> np.ndarray:
    """Return where everybody is in some pictures (N, H, W) bool, from the vertices of the truth."""
    body, (width, height) = default_body(), (int(side) for side in view.camera.size)
    masks = np.zeros((len(chosen), height, width), np.uint8)
    for take in clip.takes:
        moved = take_at(take, view.times()[chosen] + late)
        posed = body.pose(moved.rotations(), take.betas) + moved.trans[:, None]
        seen = view.camera.world_to_camera(posed)
        seen = seen @ view.turns[chosen] if view.turns.size else seen
        for mask, pixels in zip(
            masks, np.round(view.camera.project(seen)).astype(int), strict=True
        ):
            inside = ((pixels >= 0) & (pixels < [width, height])).all(axis=1)
            mask[pixels[inside, 1], pixels[inside, 0]] = 1
    closed = [cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)) for mask in masks]
    return np.array(closed) > 0


def _agreement(pictures: np.ndarray, masks: np.ndarray, shown: np.ndarray) -> float:
    """Return how well pictures differ where somebody is in one of two only, 1 for perfectly."""
    agreed, missed = 0, 0
    for one, other in combinations(range(len(pictures)), 2):
        differs = cv2.absdiff(pictures[one], pictures[other]).max(axis=-1) > _DIFFERENT
        either = masks[one] ^ masks[other]
        known = shown[one] & shown[other] & ~(masks[one] & masks[other])
        agreed += int((differs & either & known).sum())
        missed += int(((differs != either) & known).sum())
    return agreed / (agreed + missed)


def _held_still(view: FilmedView, chosen: np.ndarray, pictures: np.ndarray) -> np.ndarray:
    """Turn what a turning camera saw (N, H, W, ...) to where it looked in the middle; else 0."""
    if not view.turns.size:
        return pictures
    size = tuple(int(side) for side in view.camera.size)
    lens = np.diag([view.camera.focal, view.camera.focal, 1.0])
    lens[:2, 2] = view.camera.center
    middle = view.turns[chosen[len(chosen) // 2]]
    return np.stack(
        [
            cv2.warpPerspective(each, lens @ middle.T @ turn @ np.linalg.inv(lens), size)
            for each, turn in zip(pictures, view.turns[chosen], strict=True)
        ]
    )


@pytest.mark.parametrize(("clip", "view"), VIEWS, ids=_name)
def test_a_clip_shows_the_truth_when_it_says_so(clip: ViewClip, view: FilmedView) -> None:
    own = view.times() - view.start
    chosen = np.linspace(0.15, 0.85, _LOOKED_AT).round(2)
    chosen = (chosen * (view.frames - 1)).astype(int)
    frames = list(enumerate(open_video(view.video)))
    np.testing.assert_allclose(
        [frame.time for _, frame in frames], own / (1 + view.drift * 1e-6), atol=1e-4
    )
    pictures = np.stack([frame.image for index, frame in frames if index in chosen])
    pictures = _held_still(view, chosen, pictures)
    shown = _held_still(view, chosen, np.ones(pictures.shape[:3], np.uint8)) > 0

    def agreement(late: float) -> float:
        masks = _silhouettes(view, clip, chosen, late).astype(np.uint8)
        return _agreement(pictures, _held_still(view, chosen, masks) > 0, shown)

    agreed = agreement(0.0)
    assert agreed > 0.5
    assert agreed > max(agreement(-_MOMENT), agreement(_MOMENT)) + (
        _SLOWLY if clip.name == "sit" else _CLEARLY
    )


def _sound(view: FilmedView) -> tuple[np.ndarray, int]:
    with av.open(str(view.video)) as container:
        frames = list(container.decode(audio=0))
    assert frames[0].pts == 0
    return np.concatenate([frame.to_ndarray()[0] for frame in frames]), frames[0].sample_rate


LOUD = [(clip, view) for clip, view in VIEWS if view.sound]


@pytest.mark.parametrize(("clip", "view"), LOUD, ids=_name)
def test_claps_are_heard_when_they_have_come_to_the_phone(clip: ViewClip, view: FilmedView) -> None:
    samples, rate = _sound(view)
    assert 0.01 < np.abs(samples).max() < 1
    for clap in clip.claps:
        distance = np.linalg.norm(clap.place - view.camera.to_world[:3, 3])
        since = clap.time + distance / SPEED_OF_SOUND - view.start
        at = round(since / (1 + view.drift * 1e-6) * rate)
        before, after = samples[at - rate // 10 : at - rate // 500], samples[at : at + rate // 100]
        assert np.abs(after).max() > 5 * np.abs(before).max()
        # The first millisecond that is louder than the room: the clap rises within one.
        loud = np.abs(samples[at - rate // 10 :]) > 2 * np.abs(before).max()
        assert abs(loud.argmax() - rate // 10) < rate / 1000


def test_cameras_stand_around_people_as_two_friends_would() -> None:
    apart = {}
    for clip in FIRST:
        middle = np.concatenate([take.joints()[:, 0] for take in clip.takes]).mean(axis=0)
        ways = [view.camera.to_world[:2, 3] - middle[:2] for view in clip.views]
        ways = [way / np.linalg.norm(way) for way in ways]
        apart[clip.name] = [
            float(np.degrees(np.arccos(np.clip(ways[0] @ way, -1, 1)))) for way in ways[1:]
        ]
        focals = {view.camera.focal / view.camera.size.max() for view in clip.views}
        assert len(focals) == len(clip.views)
    angles = sorted(angle for each in apart.values() for angle in each)
    assert angles[0] > 55 and angles[-1] > 175
    assert [len(clip.views) for clip in FIRST].count(3) == 1
    views = [view for clip in FIRST for view in clip.views]
    assert sum(view.turns.size > 0 for view in views) == 1
    assert any(view.camera.size[1] > view.camera.size[0] for view in views)


def test_a_motion_between_two_frames_is_half_way() -> None:
    take = CLIPS[0].takes[0]
    moved = take_at(take, take.times[3:5].mean(keepdims=True))
    for turned in (take.rotations()[3], take.rotations()[4]):
        half = np.degrees(rotation_angle(moved.rotations()[0], turned))
        whole = np.degrees(rotation_angle(take.rotations()[3], take.rotations()[4]))
        np.testing.assert_allclose(half, whole / 2, atol=0.01)
    with pytest.raises(ValueError, match="motion ends"):
        take_at(take, take.times + 1)
