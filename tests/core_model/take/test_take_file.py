"""Takes from anywhere: one sentence or a take, in bounded memory."""

import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core_model.errors import TakeError
from core_model.geometry.camera import Camera
from core_model.take import Take
from tests.core_model.take.test_take import make_take

MIB = 2**20


def _arrays(tmp_path, **changed: Any) -> dict[str, Any]:
    """Return what a good take is made of, with changes; None takes a member away."""
    make_take().save(tmp_path / "good.npz")
    with np.load(tmp_path / "good.npz") as file:
        arrays = {name: file[name] for name in file.files} | changed
    return {name: array for name, array in arrays.items() if array is not None}


def _load(tmp_path, **changed: Any) -> Take:
    np.savez_compressed(tmp_path / "odd.npz", **_arrays(tmp_path, **changed))
    return Take.load(tmp_path / "odd.npz")


def _source(**content: Any) -> str:
    return json.dumps(content)


@pytest.mark.parametrize(
    "changed",
    [
        {"trans": np.full((20, 3), 1e300)},
        {"poses": np.full((20, 72), -1e200)},
        {"poses": np.full((20, 72), np.iinfo(np.int64).min)},
        {"poses": np.full((20, 72), "1.5")},
        {"poses": np.zeros((20, 72), complex)},
        {"poses": np.zeros(72)},
        {"poses": np.zeros((0, 72))},
        {"betas": np.full(10, 1e30)},
        {"betas": np.full(10, np.nan)},
        {"betas": np.array("ten")},
        {"times": np.zeros(20)},
        {"times": np.arange(20.0)[::-1]},
        {"times": np.arange(20) * 5e-324},
        {"times": np.arange(20) * 1e9},
        {"times": np.append(np.arange(19.0), np.inf)},
        {"times": np.array(3.0)},
        {"times": None, "mocap_framerate": np.array([30.0, 60.0])},
        {"times": None, "mocap_framerate": np.array(np.nan)},
        {"times": None, "mocap_framerate": np.array(-30.0)},
        {"times": None, "mocap_framerate": np.array(1e-300)},
        {"times": None, "mocap_framerate": np.array("30")},
        {"times": None, "mocap_framerate": None},
        {"confidence": np.full((20, 24), 1e30)},
        {"confidence": np.full((20, 24), "high")},
        {"frame_valid": np.ones(19)},
        {"bbox": np.full((20, 4), np.inf)},
        {"camera_focal": np.array(np.nan)},
        {"camera_focal": np.zeros(3)},
        {"camera_focal": np.array(0.0)},
        {"camera_center": np.array([np.inf, 0])},
        {"camera_center": np.zeros(3)},
        {"camera_center": None},
        {"camera_size": np.array([1e300, 1])},
        {"camera_size": np.array([0, 0])},
        {"camera_to_world": np.zeros((4, 4))},
        {"camera_to_world": 1e30 * np.eye(4)},
        {"camera_to_world": np.eye(3)},
        {"camera_turns": np.full((20, 3, 3), 5.0)},
        {"camera_zoom": np.zeros(20)},
        {"camera_zoom": np.full(20, 1e9)},
        {"poses_hands": np.full((20, 90), 1e100)},
        {"source": np.zeros(3)},
        {"source": np.array("{")},
        {"source": np.array("[" * 60_000)},
        {"source": np.array('{"a":' * 10_000)},
        {"source": np.array("[]")},
        {"source": np.array("x" * 500_000)},
        {"source": np.array(_source(video=["clip.mp4"]))},
        {"source": np.array(_source(video={"path": "clip.mp4"}))},
        {"source": np.array(_source(video="clip\0.mp4"))},
        {"source": np.array(_source(video="\ud800"))},
    ],
)
@pytest.mark.filterwarnings("error")
def test_what_is_no_motion_of_a_person_is_one_sentence(tmp_path, changed):
    with pytest.raises(TakeError) as caught:
        _load(tmp_path, **changed)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 400


def test_what_nothing_depends_on_does_not_matter(tmp_path):
    take = _load(
        tmp_path,
        gender=np.array([1, 2]),
        latent_labels=np.array(["A", "B"]),
        markers=np.array({"a": [1]}, dtype=object),
        bomb=np.zeros(40 * MIB // 8),
    )
    assert take.gender == "neutral" and len(take) == 20


def test_members_of_amass_for_smpl_x_are_read(tmp_path):
    poses = np.random.default_rng(0).normal(0, 0.3, (40, 165))
    np.savez(
        tmp_path / "walk_stageii.npz",
        poses=poses,
        trans=np.zeros((40, 3)),
        betas=np.linspace(0, 1, 16),
        num_betas=16,
        gender=np.array(b"female"),
        surface_model_type="smplx",
        mocap_frame_rate=120.0,
        mocap_time_length=40 / 120,
        markers_latent_vids=np.array({"A": 1}, dtype=object),
        root_orient=poses[:, :3],
        pose_body=poses[:, 3:66],
        pose_hand=poses[:, 75:],
        pose_jaw=poses[:, 66:69],
        pose_eye=poses[:, 69:75],
    )
    take = Take.load(tmp_path / "walk_stageii.npz")
    assert (take.frame_rate, take.gender) == (pytest.approx(120), "female")
    np.testing.assert_array_equal(take.poses[:, :66], poses[:, :66])
    assert take.poses_hands is not None
    np.testing.assert_array_equal(take.poses_hands, poses[:, 75:])
    np.testing.assert_array_equal(take.betas, np.linspace(0, 1, 16)[:10])


@pytest.mark.shared
@pytest.mark.parametrize(
    "case", ["amass_object_member/walk_stageii", "amass_subject_folder/subject/run_stageii"]
)
def test_files_that_amass_could_distribute(shared, case):
    take = Take.load(shared / "cases" / f"{case}.npz")
    assert (len(take), take.frame_rate) == (30, pytest.approx(30))
    assert take.poses_hands is not None and take.joints()[:, 15, 2].min() > 1


def test_who_was_hardly_ever_seen_in_a_long_clip_is_read_again(tmp_path):
    frames = 40_000
    valid = np.zeros(frames, bool)
    valid[[0, -1]] = True
    take = Take(
        poses=np.tile(make_take(1).poses, (frames, 1)),
        trans=np.zeros((frames, 3)),
        betas=np.zeros(10),
        times=np.arange(frames) / 30,
        frame_valid=valid,
    )
    take.save(tmp_path / "person_01.npz")
    assert Take.load(tmp_path / "person_01.npz").frame_valid.sum() == 2


def test_a_single_array_that_was_renamed_is_one_sentence(tmp_path):
    with open(tmp_path / "take.npz", "wb") as file:
        np.save(file, np.zeros((20, 72)))
    with pytest.raises(TakeError, match="not a take"):
        Take.load(tmp_path / "take.npz")


def test_names_that_no_file_can_have_are_one_sentence():
    for name in ("a\0b.npz", "x" * 5000 + ".npz"):
        with pytest.raises(TakeError, match="cannot be read"):
            Take.load(name)


def test_a_camera_that_nobody_films_with_makes_no_take():
    take = make_take()
    for camera in (
        Camera.assumed(640, 480, np.nan),
        Camera(500.0, np.zeros(2), np.array([640, 480]), np.full((4, 4), np.nan)),
        Camera(500.0, np.zeros(2), np.array([640, 480]), np.diag([1.0, 1, -1, 1])),
    ):
        with pytest.raises(TakeError, match="camera is damaged"):
            replace(take, camera=camera)


def _mutations(whole: bytes) -> list[Callable[[np.random.Generator], bytes]]:
    """Return ways to damage the bytes of a take."""

    def flipped(random: np.random.Generator) -> bytes:
        data = bytearray(whole)
        for place in random.integers(0, len(data), random.integers(1, 9)):
            data[place] = random.integers(256)
        return bytes(data)

    def cut(random: np.random.Generator) -> bytes:
        return whole[: random.integers(len(whole))]

    def moved(random: np.random.Generator) -> bytes:
        a, b, c = np.sort(random.integers(0, len(whole), 3))
        return whole[:a] + whole[b:c] + whole[a:b] + whole[c:]

    def directory(random: np.random.Generator) -> bytes:
        data, begin = bytearray(whole), whole.index(b"PK\x01\x02")
        for place in random.integers(begin, len(data), 4):
            data[place] = random.choice([0, 1, 0x7F, 0xFF])
        return bytes(data)

    def members(random: np.random.Generator) -> bytes:
        # The check sums are made anew, so that what the arrays claim is seen.
        written = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(whole)) as old,
            zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new,
        ):
            chosen = random.choice(old.namelist())
            for name in old.namelist():
                member = bytearray(old.read(name))
                if name == chosen:  # half the time, what it says of itself
                    end = len(member) if random.random() < 0.5 else 140
                    for place in random.integers(0, min(len(member), end), 3):
                        member[place] = random.choice(list(b"0179(),'<>fiubUSOV\x00\x7f\xff"))
                new.writestr(name, bytes(member))
        return written.getvalue()

    return [flipped, cut, moved, directory, members, members]


@pytest.mark.filterwarnings("ignore:Reading `.npy`")
def test_damage_of_any_kind_is_a_take_or_a_sentence(tmp_path):
    make_take().save(tmp_path / "good.npz")
    ways = _mutations((tmp_path / "good.npz").read_bytes())
    path, sentences = tmp_path / "damaged.npz", set()
    tracemalloc.start()
    for seed in range(360):
        random = np.random.default_rng(seed)
        path.write_bytes(ways[seed % len(ways)](random))
        try:
            Take.load(path)
        except TakeError as error:
            assert "\n" not in str(error)
            sentences.add(str(error))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(sentences) > 5 and peak < 8 * MIB


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_gender_of_numbers_that_are_no_characters_is_none(tmp_path, order):
    """Python itself fails on such a text, with a SystemError."""
    numbers = np.array([0x7FFFFFFF, ord("a"), 0xD800], f"{order}u4")
    np.savez(
        tmp_path / "odd.npz",
        poses=np.zeros((2, 72)),
        trans=np.zeros((2, 3)),
        betas=np.zeros(10),
        gender=numbers.view(f"{order}U3").reshape(()),
        mocap_framerate=30.0,
    )
    assert Take.load(tmp_path / "odd.npz").gender == "neutral"


def test_texts_are_read_in_any_order_of_bytes(tmp_path):
    for gender in (np.array("female", "<U9"), np.array("female", ">U6"), np.array(b"female")):
        path = tmp_path / "take.npz"
        np.savez(
            path,
            poses=np.zeros((2, 72)),
            trans=np.zeros((2, 3)),
            betas=np.zeros(10),
            gender=gender,
            mocap_framerate=30.0,
        )
        assert Take.load(path).gender == "female"
