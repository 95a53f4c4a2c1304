"""Small trees laid out as the original downloads are come out as `INT_FORMAT.md` describes them."""

import json
import pickle
import struct

import av
import cv2
import h5py
import numpy as np
import pytest
from scipy.io import savemat

from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_INDEX, forward_kinematics
from core_model.errors import MocapError
from core_model.geometry.rotations import axis_angle_to_matrix, matrix_to_axis_angle
from core_model.take import Take
from train.databases.__main__ import main
from train.databases.motion_library import read_motion
from train.databases.pictures.database import open_database
from train.databases.pictures.database_file import read_table
from train.databases.pictures.joints import SPIN_INDEX

NECK, TOP, PELVIS = SPIN_INDEX["lsp_neck"], SPIN_INDEX["lsp_head_top"], SPIN_INDEX["mpii_pelvis"]


@pytest.fixture
def places(tmp_path):
    """Return the folder of a download and the folder `data`."""
    (tmp_path / "download").mkdir()
    return tmp_path / "download", tmp_path / "data"


def prepared(name, places, *more, part="train"):
    root, out = places
    assert main(["prepare", name, str(root), "-o", str(out), *more]) == 0
    return read_table(out / "database" / f"{name}_{part}_db.pt")


def keys_and_rows(table, keys, count):
    assert set(table) == set(keys)
    assert {len(array) for array in table.values()} == {count}


# --- 3DPW


def sequence_3dpw(frames=40, first=6, poor=20):
    """Two people; the first is seen from frame `first` on, badly in frame `poor`."""
    random = np.random.default_rng(3)
    points = np.empty((2, frames, 3, 18))
    points[:, :, :2] = random.uniform(300, 700, (2, frames, 2, 18))
    points[:, :, 2] = 0.9
    points[0, :first, 2] = 0
    points[0, poor, 2, 6:] = 0.1
    turn = axis_angle_to_matrix(random.normal(size=(frames, 3)))
    cameras = np.tile(np.eye(4), (frames, 1, 1))
    cameras[:, :3, :3] = turn
    return {
        "sequence": "courtyard_00",
        "poses": [random.normal(size=(frames, 72)) for _ in range(2)],
        "trans": [random.normal(size=(frames, 3)) for _ in range(2)],
        "betas": [random.normal(size=10) for _ in range(2)],
        "poses2d": list(points),
        "cam_poses": cameras,
        "campose_valid": [np.arange(frames) % 2 for _ in range(2)],
        "genders": ["m", "f"],
        "img_frame_ids": np.arange(frames),
    }


def write_3dpw(root, content):
    for folder in ("train", "validation", "test"):
        path = root / "sequenceFiles" / folder / "courtyard_00.pkl"
        path.parent.mkdir(parents=True)
        path.write_bytes(pickle.dumps(content, protocol=2))


def test_3dpw_comes_out_with_every_array_cut_to_the_same_frames(places):
    content = sequence_3dpw()
    write_3dpw(places[0], content)
    table = prepared("3dpw", places, "--own-body")
    keys = "vid_name frame_id img_name joints2D joints3D shape pose bbox valid gender".split()
    kept = [frame for frame in range(6, 40) if frame != 20]
    keys_and_rows(table, keys, len(kept) + 40)
    assert table["frame_id"][: len(kept)].tolist() == kept
    assert set(table["vid_name"]) == {"courtyard_00_0", "courtyard_00_1"}
    assert table["img_name"][0].endswith("imageFiles/courtyard_00/image_00006.jpg")
    assert table["valid"][:3].tolist() == [0, 1, 0]
    assert (table["gender"][0], table["gender"][-1]) == ("m", "f")
    # The twelve limb joints of the set, at SPIN's places; neck and head are empty.
    points = content["poses2d"][0][kept].transpose(0, 2, 1)
    order = [10, 9, 8, 11, 12, 13, 4, 3, 2, 5, 6, 7]
    np.testing.assert_allclose(table["joints2D"][: len(kept), 25:37], points[:, order])
    empty = [*range(25), *range(37, 49)]
    assert not table["joints2D"][:, empty].any()
    # The root is turned into the camera, the rest is as it was.
    pose = content["poses"][0][kept]
    turned = content["cam_poses"][kept, :3, :3] @ axis_angle_to_matrix(pose[:, :3])
    np.testing.assert_allclose(axis_angle_to_matrix(table["pose"][: len(kept), :3]), turned)
    np.testing.assert_allclose(table["pose"][: len(kept), 3:], pose[:, 3:])
    np.testing.assert_allclose(table["shape"][0], content["betas"][0])
    # A steady square box, 1.1 times the diagonal about the limbs.
    seen = points[:, 2:14, :2]
    diagonal = np.linalg.norm(seen.max(1) - seen.min(1), axis=-1)
    np.testing.assert_allclose(table["bbox"][: len(kept), 2], 1.1 * np.median(diagonal), rtol=0.1)
    np.testing.assert_array_equal(table["bbox"][:, 2], table["bbox"][:, 3])
    confident = table["joints3D"][0, :, 3]
    assert confident[25:39].all() and not confident[:25].any() and not confident[39:].any()
    # In training SPIN's joints, elsewhere those of Human3.6M's regressor, on the posed body.
    local = axis_angle_to_matrix(table["pose"][:1].reshape(1, 24, 3))
    joints, _ = forward_kinematics(local, default_body().rest_joints(table["shape"][0]))
    np.testing.assert_allclose(table["joints3D"][0, 25, :3], joints[0, 8], atol=1e-5)
    held_out = read_table(places[1] / "database" / "3dpw_test_db.pt")
    assert not held_out["joints3D"][:, [*range(25), *range(39, 49)], :3].any()
    assert held_out["joints3D"][:, 25:39, :3].any(axis=(0, 2)).all()
    assert len(read_table(places[1] / "database" / "3dpw_val_db.pt")["pose"]) == len(table["pose"])


def test_a_sequence_that_would_run_something_or_is_damaged_is_a_sentence(places, capsys):
    content = sequence_3dpw()
    write_3dpw(places[0], content)
    path = places[0] / "sequenceFiles" / "train" / "courtyard_00.pkl"
    path.write_bytes(path.read_bytes()[:5000])
    assert main(["prepare", "3dpw", str(places[0]), "-o", str(places[1]), "--own-body"]) == 1
    assert "courtyard_00.pkl is damaged" in capsys.readouterr().err
    assert main(["prepare", "3dpw", str(places[1]), "-o", str(places[1]), "--own-body"]) == 1
    assert "no pkl file of train" in capsys.readouterr().err


# --- MPI-INF-3DHP


def write_video(path, frames):
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as clip:
        stream = clip.add_stream("mpeg4", rate=25)
        stream.width = stream.height = 64
        for number in range(frames):
            image = np.full((64, 64, 3), 40 * number, np.uint8)
            clip.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        clip.mux(stream.encode())


def write_mpii3d(root, frames=5, outside=2):
    random = np.random.default_rng(0)
    flat = random.uniform(100, 1900, (frames, 28, 2))
    flat[outside, 3, 0] = 2100
    deep = random.uniform(-1000, 4000, (frames, 28, 3))
    cells = [np.empty((2, 1), object) for _ in range(2)]
    for camera in range(2):
        cells[0][camera, 0] = flat.reshape(frames, 56)
        cells[1][camera, 0] = deep.reshape(frames, 84)
        write_video(root / "S1/Seq2/imageSequence" / f"video_{camera}.avi", frames)
    savemat(root / "S1/Seq2/annot.mat", {"annot2": cells[0], "annot3": cells[1]})
    return flat, deep


def test_mpii3d_comes_out_in_segments_with_the_pelvis_at_zero(places):
    flat, deep = write_mpii3d(places[0])
    table = prepared("mpii3d", places)
    keys_and_rows(table, "vid_name frame_id img_name joints2D joints3D bbox".split(), 8)
    videos = [f"subj1_seq2_vid{camera}_seg{part}" for camera in range(2) for part in range(2)]
    assert list(dict.fromkeys(table["vid_name"])) == videos
    assert table["frame_id"][:4].tolist() == ["000000", "000001", "000003", "000004"]
    kept = [0, 1, 3, 4]
    np.testing.assert_allclose(table["joints2D"][:4, PELVIS, :2], flat[kept, 4])
    # Left and right ankle, neck and top of the head of the 28.
    for ours, theirs in ((30, 20), (25, 25), (NECK, 5), (TOP, 7), (32, 15), (31, 16), (35, 10)):
        np.testing.assert_allclose(table["joints2D"][:4, ours, :2], flat[kept, theirs])
        metres = (deep[kept, theirs] - deep[kept, 4]) / 1000
        np.testing.assert_allclose(table["joints3D"][:4, ours, :3], metres)
    known = [*range(25, 39), 39, 41, 43]
    assert np.flatnonzero(table["joints3D"][0, :, 3]).tolist() == known
    points = table["joints2D"][0, known, :2]
    span = (points.max(0) - points.min(0)).max()
    np.testing.assert_allclose(table["bbox"][0, 2:], 1.1 * span)
    np.testing.assert_allclose(table["bbox"][0, :2], (points.max(0) + points.min(0)) / 2)
    # The reference looks for frame_ in a folder with a capital; we find both.
    assert table["img_name"][0] == "data/mpi_inf_3dhp/S1/Seq2/video_0/000000.jpg"
    database = open_database(places[1], "mpii3d", "train", "video_3d")
    assert database.picture(3) == places[1] / "mpi_inf_3dhp/S1/Seq2/Video_0/frame_000004.jpg"
    assert abs(int(cv2.imread(str(database.picture(3))).mean()) - 160) < 8


def test_the_test_set_of_mpii3d_takes_the_universal_joints_of_valid_frames(places):
    write_mpii3d(places[0])
    random = np.random.default_rng(1)
    folder = places[0] / "mpi_inf_3dhp_test_set" / "TS5"
    folder.mkdir(parents=True)
    flat, deep = random.uniform(0, 1000, (4, 1, 17, 2)), random.normal(size=(4, 1, 17, 3))
    flat[3, 0, 2] = (100, 1500)  # below a picture of 1920 x 1080
    with h5py.File(folder / "annot_data.mat", "w") as file:
        file["annot2"], file["univ_annot3"] = flat, 1000 * deep
        file["annot3"], file["valid_frame"] = 0 * deep, np.array([[1], [0], [1], [1]])
    prepared("mpii3d", places)
    table = read_table(places[1] / "database" / "mpii3d_test_db.pt")
    assert table["valid_i"].shape == (2, 1) and not len(table["features"])
    assert table["vid_name"].tolist() == ["TS5_seg0", "TS5_seg1"]
    assert [name[-14:] for name in table["img_name"]] == ["img_000001.jpg", "img_000003.jpg"]
    np.testing.assert_allclose(
        table["joints3D"][:, 25, :3], (deep[:, 0, 10] - deep[:, 0, 14])[[0, 2]], atol=1e-6
    )
    assert open_database(places[1], "mpii3d", "test", "video_3d").form.name == "mpii3d"


# --- PoseTrack, Penn Action


def test_posetrack_comes_out_without_short_tracks(places):
    random = np.random.default_rng(0)
    images = [
        {"id": 10 + n, "file_name": f"images/train/000001/{n:06d}.jpg", "is_labeled": True}
        for n in range(9)
    ]
    people = []
    for track, count in ((0, 9), (1, 7)):
        for n in range(count):
            points = np.column_stack((random.uniform(0, 500, (17, 2)), np.ones(17)))
            points[3] = 0
            box = [100.0, 50.0, 80.0, 200.0]
            people.append(
                {"image_id": 10 + n, "track_id": track, "keypoints": points.ravel().tolist()}
                | ({} if track == 0 and n == 8 else {"bbox": box})
            )
    path = places[0] / "annotations" / "train" / "000001_mpii.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"images": images, "annotations": people}))
    table = prepared("posetrack", places)
    keys_and_rows(table, ["img_name", "joints2D", "bbox", "vid_name"], 8)
    assert set(table["vid_name"]) == {"000001_mpii_0"}
    assert table["img_name"][7] == "download/images/train/000001/000007.jpg"
    np.testing.assert_allclose(table["bbox"], np.tile([140.0, 150, 160, 160], (8, 1)))
    points = np.array(people[0]["keypoints"]).reshape(17, 3)
    spin = table["joints2D"][0]
    np.testing.assert_allclose(spin[[44, NECK, TOP, 48]], points[[0, 1, 2, 4]])
    np.testing.assert_allclose(spin[25:37], points[[16, 14, 12, 11, 13, 15, 10, 8, 6, 5, 7, 9]])
    assert spin[47, 2] == 0 and not spin[:25].any() and not spin[39:44].any()


def test_pennaction_keeps_the_sides_that_it_names(places):
    random = np.random.default_rng(0)
    x, y = random.uniform(0, 300, (2, 4, 13))
    visible = np.ones((4, 13))
    visible[2] = 0
    visible[1, 0] = 0
    (places[0] / "labels").mkdir()
    savemat(places[0] / "labels" / "0007.mat", {"x": x, "y": y, "visibility": visible})
    table = prepared("pennaction", places)
    keys_and_rows(table, ["img_name", "joints2D", "bbox", "vid_name"], 3)
    assert [name[-20:] for name in table["img_name"]][2] == "rames/0007/000004.jpg"[-20:]
    assert set(table["vid_name"]) == {"0007"}
    order = [12, 10, 8, 7, 9, 11, 6, 4, 2, 1, 3, 5]
    np.testing.assert_allclose(table["joints2D"][0, 25:37, 0], x[0, order])
    np.testing.assert_allclose(table["joints2D"][0, TOP], (x[0, 0], y[0, 0], 1))
    assert table["joints2D"][1, TOP, 2] == 0 and not table["joints2D"][:, NECK].any()
    side = max(np.ptp(x[1, 1:]), np.ptp(y[1, 1:]))
    middle = (x[1, 1:].max() + x[1, 1:].min()) / 2
    np.testing.assert_allclose(table["bbox"][1, [0, 2, 3]], (middle, side, side))


# --- InstaVariety


def varint(value):
    out = b""
    while value > 127:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def field(number, data):
    return varint(number << 3 | 2) + varint(len(data)) + data


def feature(values):
    if isinstance(values, list):
        return field(1, b"".join(field(1, each) for each in values))
    if values.dtype.kind == "f":
        return field(2, field(1, values.astype("<f4").tobytes()))
    # Whole numbers one by one, as old writers have them.
    return field(3, b"".join(varint(1 << 3) + varint(int(each)) for each in values.ravel()))


def record(features):
    entries = (field(1, name.encode()) + field(2, feature(v)) for name, v in features.items())
    example = field(1, b"".join(field(1, entry) for entry in entries))
    return struct.pack("<Q", len(example)) + bytes(4) + example + bytes(4)


def example_of_insta(frames=3):
    random = np.random.default_rng(0)
    image = cv2.imencode(".jpg", np.full((224, 224, 3), 77, np.uint8))[1].tobytes()
    return {
        "meta/N": np.array([frames]),
        "image/encoded": [image] * frames,
        "image/xys": random.uniform(0, 224, (frames, 14, 2)),
        "image/visibilities": np.ones((frames, 14), int),
        "image/face_pts": random.uniform(1, 224, (frames, 5, 3)),
        "image/toe_pts": random.uniform(1, 224, (frames, 6, 3)),
    }


def test_insta_comes_out_of_its_records_with_49_joints(places):
    example = example_of_insta()
    path = places[0] / "train" / "insta_000.tfrecord"
    path.parent.mkdir()
    path.write_bytes(record(example) + record(example_of_insta(2)))
    table = prepared("insta", places)
    keys_and_rows(table, ["vid_name", "img_name", "joints2D"], 5)
    assert len(set(table["vid_name"])) == 2
    assert table["img_name"][0] == "data/insta_variety_img/insta_000/0000/000000.jpg"
    names = {"left_big_toe": 0, "right_small_toe": 3, "right_ankle": 5}
    for name, index in names.items():
        given = example["image/toe_pts"][0, index, :2]
        np.testing.assert_allclose(table["joints2D"][0, SPIN_INDEX[name], :2], given, rtol=1e-6)
    given = example["image/xys"][1]
    for name, index in {"right_heel": 0, "left_knee": 4, "lsp_head_top": 13, "neck": 12}.items():
        placed = table["joints2D"][1, SPIN_INDEX[name]]
        np.testing.assert_allclose(placed, (*given[index], 1), rtol=1e-6)
    database = open_database(places[1], "insta", "train", "video_2d")
    assert cv2.imread(str(database.picture(0))).shape == (224, 224, 3)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(MocapError, match=r"insta_000\.tfrecord is damaged"):
        from train.databases.preparation import insta

        insta.prepare(*places)


# --- motion


def test_amass_comes_out_at_30_frames_a_second(places):
    random = np.random.default_rng(0)
    folder = places[0] / "KIT" / "3"
    folder.mkdir(parents=True)
    swing = 0.5 * np.sin(np.arange(240) / 60)[:, None] * random.normal(size=156)
    np.savez(
        folder / "walk_poses.npz",
        poses=swing,
        trans=np.zeros((240, 3)),
        betas=np.zeros(16),
        gender="neutral",
        mocap_framerate=120.0,
    )
    assert main(["prepare", "amass", str(places[0]), "-o", str(places[1])]) == 0
    take = Take.load(places[1] / "amass" / "3" / "walk_poses.npz")
    assert take.frame_rate == pytest.approx(30) and len(take.poses) == 60
    given = axis_angle_to_matrix(swing[::4, :66].reshape(-1, 22, 3))
    said = axis_angle_to_matrix(take.poses[:, :66].reshape(-1, 22, 3))
    np.testing.assert_allclose(said[:, 1:], given[: len(said), 1:], atol=1e-5)


def skeleton():
    """A skeleton as CMU writes them, of the bones that a pose is made of."""
    side = [("hipjoint", "root", "1 -1 0"), ("femur", "hipjoint", "0 -1 0")]
    side += [("tibia", "femur", "0 -1 0"), ("foot", "tibia", "0 -0.3 1"), ("toes", "foot", "0 0 1")]
    side += [("clavicle", "thorax", "1 0.2 0"), ("humerus", "clavicle", "1 0 0")]
    side += [("radius", "humerus", "1 0 0"), ("hand", "radius", "1 0 0")]
    bones = [("lowerback", "root", "0 1 0"), ("thorax", "lowerback", "0 1 0")]
    bones += [("lowerneck", "thorax", "0 1 0"), ("head", "lowerneck", "0 1 0")]
    for letter in "lr":
        for name, parent, direction in side:
            parent = parent if parent in ("root", "thorax") else letter + parent
            x, y, z = map(float, direction.split())
            bones.append((letter + name, parent, f"{x if letter == 'l' else -x} {y} {z}"))
    data = "".join(
        f"begin\nid {n}\nname {name}\ndirection {direction}\nlength 5\naxis 0 0 0 XYZ\n"
        f"dof rx ry rz\nlimits (-180 180)\n(-180 180)\n(-180 180)\nend\n"
        for n, (name, _, direction) in enumerate(bones)
    )
    tree = "".join(f"{parent} {name}\n" for name, parent, _ in bones)
    return (
        ":version 1.10\n:name test\n:units\nmass 1.0\nlength 0.45\nangle deg\n"
        ":root\norder TX TY TZ RX RY RZ\naxis XYZ\nposition 0 0 0\norientation 0 0 0\n"
        f":bonedata\n{data}:hierarchy\nbegin\n{tree}end\n"
    )


def test_cmu_comes_out_at_30_frames_a_second(places):
    folder = places[0] / "01"
    folder.mkdir()
    (folder / "01.asf").write_text(skeleton())
    degrees = [0.5 * frame for frame in range(40)]
    frames = (f"{n + 1}\nroot 0 0 0 0 0 0\nrhumerus {d} 0 0" for n, d in enumerate(degrees))
    (folder / "01_02.amc").write_text(":FULLY-SPECIFIED\n:DEGREES\n" + "\n".join(frames))
    assert main(["prepare", "cmu", str(places[0]), "-o", str(places[1])]) == 0
    (path,) = (places[1] / "cmu").rglob("*.npz")
    assert path.parent.name == "01"
    assert path.stem == "02"
    take = Take.load(path)
    assert len(take.poses) == 10 and take.frame_rate == pytest.approx(30)
    turned = sum(
        degrees_a_frame(take.rotations()[:, JOINT_INDEX[f"right_{name}"]])
        for name in ("collar", "shoulder")
    )
    np.testing.assert_allclose(turned, 2, atol=0.2)
    # What training reads of it is what it would read of the recording itself.
    again = read_motion(places[1] / "cmu")
    given = read_motion(places[0], asf_rate=120)
    assert list(again) == list(given) == ["01_02"]
    np.testing.assert_allclose(again["01_02"], given["01_02"], atol=1e-5)


def degrees_a_frame(rotations):
    steps = rotations[:-1].swapaxes(-1, -2) @ rotations[1:]
    return np.degrees(np.linalg.norm(matrix_to_axis_angle(steps), axis=1))
