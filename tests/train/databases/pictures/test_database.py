import os
import pickle

import numpy as np
import pytest

from core_model.geometry.rotations import axis_angle_to_matrix
from tests.train.databases.pictures.tables import made_up_table, write_pictures
from train.databases.pictures.check import check_databases
from train.databases.pictures.database import open_database
from train.databases.pictures.database_file import DatabaseError, read_table, write_table
from train.databases.pictures.formats import FORMATS
from train.databases.pictures.joints import SPIN_MIRROR, SPIN_NAMES

# fmt: off
PARTNERS = (
    0, 1, 5, 6, 7, 2, 3, 4, 8, 12, 13, 14, 9, 10, 11, 16, 15, 18, 17, 22, 23, 24, 19, 20, 21,
    30, 29, 28, 27, 26, 25, 36, 35, 34, 33, 32, 31, 37, 38, 39, 40, 41, 42, 43, 44, 46, 45, 48, 47,
)
# fmt: on


@pytest.fixture
def root(tmp_path):
    (tmp_path / "data" / "database").mkdir(parents=True)
    return tmp_path / "data"


def put(root, name, table, part="train"):
    write_table(root / "database" / f"{name}_{part}_db.pt", table)
    return table


def kind_of(form):
    return ("video_3d" if form.true_3d else "video_2d") if form.videos else "image"


def test_names_of_joints_give_their_partners():
    assert len(SPIN_NAMES) == 49 and SPIN_MIRROR == PARTNERS


@pytest.mark.parametrize("name", FORMATS)
def test_every_set_comes_back_as_it_was_written(root, name):
    table = put(root, name, made_up_table(name))
    write_pictures(root, table)
    databases, wrong = check_databases(root, [(name, "train", kind_of(FORMATS[name]))])
    assert wrong == []
    (database,) = databases
    assert len(database) == 6 and database.has_smpl
    for row in (0, 5):
        assert database.picture(row) == root.parent / str(table["img_name"][row])
        np.testing.assert_allclose(database.keypoints(row), table["joints2D"][row], rtol=1e-6)
        np.testing.assert_allclose(database.joints(row), table["joints3D"][row], rtol=1e-6)
        theta = np.concatenate(([1, 0, 0], table["pose"][row], table["shape"][row]))
        np.testing.assert_allclose(database.theta(row), theta, rtol=1e-6)
    assert (database.boxes is None) == (name == "insta")


def test_labels_that_a_set_lacks_count_for_nothing(root):
    table = made_up_table("posetrack")
    for key in ("joints3D", "pose", "shape"):
        del table[key]
    put(root, "posetrack", table)
    database = open_database(root, "posetrack", "train", "video_2d")
    assert not database.has_smpl and not database.joints(0).any()
    assert database.theta(0).tolist() == [1.0] + [0.0] * 84


def test_insta_may_have_the_joints_that_its_makers_name(root):
    table = {key: made_up_table("insta")[key] for key in ("img_name", "vid_name", "joints2D")}
    points = table["joints2D"][:, :25]
    put(root, "insta", table | {"joints2D": points})
    keypoints = open_database(root, "insta", "train", "video_2d").keypoints(2)
    # Right heel, head top and left ankle of its 25; where SPIN's set has them.
    np.testing.assert_allclose(keypoints[[24, 38, 14]], points[2, [0, 13, 23]], rtol=1e-6)
    assert keypoints.shape == (49, 3) and (keypoints[:, 2] > 0).sum() == 25


def test_poses_may_be_matrices(root):
    table = made_up_table("lspet")
    vectors = 0.5 * table["pose"].reshape(-1, 24, 3)
    put(root, "lspet", table | {"pose": axis_angle_to_matrix(vectors)})
    theta = open_database(root, "lspet", "train", "image").theta(3)
    np.testing.assert_allclose(theta[3:75], vectors[3].ravel(), atol=1e-6)


def test_pictures_are_found_wherever_names_begin(root):
    table = made_up_table("mpii3d")
    write_pictures(root, table)
    for before in ("data/", "", f"{root}/"):
        names = [each.replace("data/", before, 1) for each in table["img_name"]]
        put(root, "mpii3d", table | {"img_name": np.array(names)})
        database = open_database(root, "mpii3d", "train", "video_3d")
        assert all(path.exists() for path in database.files)


def test_pictures_of_mpii3d_are_found_as_they_were_extracted(root):
    table = made_up_table("mpii3d")
    names = [f"data/mpi_inf_3dhp/S1/video_{row}/{row:06d}.jpg" for row in range(6)]
    extracted = [f"data/mpi_inf_3dhp/S1/Video_{row}/frame_{row:06d}.jpg" for row in range(6)]
    write_pictures(root, {"img_name": extracted})
    put(root, "mpii3d", table | {"img_name": np.array(names)})
    database = open_database(root, "mpii3d", "train", "video_3d")
    assert [path.relative_to(root.parent).as_posix() for path in database.files] == extracted


@pytest.mark.parametrize("pack", [np.array, lambda names: np.array(names).astype("S")])
@pytest.mark.parametrize("objects", [False, True])
def test_names_may_be_bytes_or_objects(root, pack, objects):
    names = pack(["data/a.jpg", "data/b.jpg"])
    put(root, "insta", {"img_name": names.astype(object) if objects else names})
    assert read_table(root / "database" / "insta_train_db.pt")["img_name"].tolist() == [
        "data/a.jpg",
        "data/b.jpg",
    ]


def test_a_large_database_is_not_copied_into_memory(root):
    put(root, "insta", {"joints2D": np.zeros((1000, 49, 3))})
    array = read_table(root / "database" / "insta_train_db.pt")["joints2D"]
    assert not array.flags.owndata and not array.flags.writeable


def _without(key):
    return lambda table: {name: each for name, each in table.items() if name != key}


DAMAGED = {
    "joints3D": (_without("joints3D"), "has no 'joints3D'"),
    "bbox": (_without("bbox"), "has no 'bbox'"),
    "shape alone": (_without("pose"), "one of 'pose' and 'shape'"),
    "wrong key": (lambda t: {f"{k}s": v for k, v in t.items()}, "has no 'img_name'"),
    "empty": (lambda t: {k: v[:0] for k, v in t.items()}, "is empty"),
    "25 joints": (lambda t: t | {"joints2D": t["joints2D"][:, :25]}, r"shape \(25, 3\)"),
    "lengths": (lambda t: t | {"bbox": t["bbox"][1:]}, "'bbox' has 5 rows"),
    "videos": (lambda t: t | {"vid_name": t["vid_name"][1:]}, "'vid_name' has 5 rows"),
    "nan": (lambda t: t | {"pose": t["pose"] * [np.nan] * 72}, "'pose' has 6 rows with"),
    "no side": (lambda t: t | {"bbox": 0 * t["bbox"]}, "boxes without a size"),
    "numbers": (lambda t: t | {"img_name": np.arange(6)}, "'img_name' holds no names"),
}


@pytest.mark.parametrize("case", DAMAGED)
def test_what_is_wrong_with_a_database_is_told(root, case):
    change, sentence = DAMAGED[case]
    put(root, "3dpw", change(made_up_table("3dpw")))
    with pytest.raises(DatabaseError, match=sentence):
        open_database(root, "3dpw", "train", "video_3d")


def test_a_file_that_would_run_something_runs_nothing(root, tmp_path):
    class Runs:
        def __reduce__(self):
            return os.system, (f"touch {tmp_path / 'made'}",)

    path = root / "database" / "3dpw_train_db.pt"
    path.write_bytes(pickle.dumps({"img_name": Runs()}))
    with pytest.raises(DatabaseError, match="asks for posix.system"):
        read_table(path)
    assert not (tmp_path / "made").exists()


def test_names_that_are_no_text_are_told(root):
    put(root, "3dpw", {"img_name": np.array([b"\xbe.jpg", b"b.jpg"])})
    with pytest.raises(DatabaseError, match="texts that are no UTF-8"):
        read_table(root / "database" / "3dpw_train_db.pt")


def test_everything_that_is_wrong_is_listed_at_once(root):
    table = put(root, "3dpw", made_up_table("3dpw"))
    write_pictures(root, table)
    paths = [root.parent / name for name in table["img_name"]]
    paths[1].unlink()
    paths[2].write_bytes(paths[2].read_bytes()[:-200])
    paths[3].write_text("no picture")
    whole = root / "database" / "3dpw_train_db.pt"
    (root / "database" / "h36m_train_db.pt").write_bytes(whole.read_bytes()[:3000])
    databases, wrong = check_databases(
        root,
        [(name, "train", "video_3d") for name in ("3dpw", "h36m", "mpii3d")],
    )
    assert len(databases) == 1
    said = "\n".join(wrong)
    for sentence in ("no picture", "is cut off", "no JPEG or PNG", "damaged", "no database at"):
        assert sentence in said
    assert len(wrong) == 5


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_database_that_is_cut_off_is_told_wherever_it_is(root, share):
    put(root, "3dpw", made_up_table("3dpw", 40))
    path = root / "database" / "3dpw_train_db.pt"
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    with pytest.raises(DatabaseError):
        read_table(path)
