"""Readers of what networks are trained with: motion capture, databases of pictures, settings."""

from pathlib import Path
from typing import Any

from tests.fuzz.changes import ODD_DATA
from tests.fuzz.engines.guided import Guided
from tests.fuzz.engines.structured import Structured
from tests.fuzz.packing import as_lines, as_old_pickle, as_pickle, as_yaml
from tests.fuzz.target import Target


def _text(sample: str) -> list[list[str]]:
    return [line.split() for line in sample.splitlines()]


def _skeletons() -> list[Any]:
    from tests.train.databases.test_asf_amc import ASF

    return [_text(ASF)]


def _read_skeleton(path: Path) -> object:
    from train.databases.asf_amc import read_amc, read_asf, smpl_rotations

    bones = read_asf(path)
    root = path.with_name("root.amc")
    root.write_text("root 0 0 0 0 0 0", encoding="utf-8")
    return smpl_rotations(read_amc(root, bones)[1], bones)


def _motions() -> list[Any]:
    from tests.train.databases.test_asf_amc import AMC

    return [_text(AMC)]


def _read_motion(path: Path) -> object:
    from tests.train.databases.test_asf_amc import ASF
    from train.databases.asf_amc import read_amc, read_asf

    skeleton = path.with_name("skeleton.asf")
    skeleton.write_text(ASF, encoding="utf-8")
    return read_amc(path, read_asf(skeleton))


def _bvh() -> list[Any]:
    from tests.train.databases.test_daz_bvh import TWO_JOINTS

    return [_text(TWO_JOINTS)]


def _read_bvh(path: Path) -> object:
    from train.databases.daz_bvh import read_bvh

    return read_bvh(path).global_rotations()


def _bvh_files() -> list[bytes]:
    return list(map(as_lines, _bvh()))


def _tables() -> list[Any]:
    from tests.train.databases.pictures.tables import made_up_table

    return [made_up_table("posetrack", 4)]


def _table_files() -> list[bytes]:
    return list(map(as_pickle, _tables()))


def _read_table(path: Path) -> object:
    from train.databases.pictures.database import open_database

    folder = path.parent / "database"
    folder.mkdir()
    path.rename(folder / "posetrack_train_db.pt")
    return open_database(path.parent, "posetrack", "train", "video_2d")


def _sequences() -> list[Any]:
    from tests.train.databases.preparation.test_preparation import sequence_3dpw

    return [sequence_3dpw(6, 1, 3)]


def _read_sequence(path: Path) -> object:
    from train.databases.preparation.threedpw import _read

    return _read(path)


def _records() -> list[bytes]:
    from tests.train.databases.preparation.test_preparation import example_of_insta, record

    return [record(example_of_insta(1)) + record(example_of_insta(1))]


def _read_records(path: Path) -> object:
    from train.databases.preparation.tfrecords import read_examples

    return list(read_examples(path))


def _settings() -> list[Any]:
    import yaml

    from tests.places import ROOT

    return [yaml.safe_load((ROOT / "train" / "configs" / "keypoints.yaml").read_text())]


def _read_settings(path: Path) -> object:
    from train.config import load_config

    return load_config(path)


TARGETS = {
    "ASF": Target(".asf", _skeletons, _read_skeleton, Structured(as_lines)),
    "AMC": Target(".amc", _motions, _read_motion, Structured(as_lines)),
    "BVH": Target(".bvh", _bvh, _read_bvh, Structured(as_lines)),
    "BVH, bytes": Target(".bvh", _bvh_files, _read_bvh, Guided()),
    "tables of pictures": Target(".pt", _tables, _read_table, Structured(as_pickle, ODD_DATA)),
    "tables of pictures, bytes": Target(".pt", _table_files, _read_table, Guided()),
    "3DPW": Target(".pkl", _sequences, _read_sequence, Structured(as_old_pickle, ODD_DATA)),
    "TensorFlow records, bytes": Target(".tfrecord", _records, _read_records, Guided()),
    "settings of a training": Target(".yaml", _settings, _read_settings, Structured(as_yaml)),
}
