"""Whether two records hold the same: said of every array, and by how much they differ."""

import numpy as np
import pytest

from core_model.take import Take
from tests.places import DEMO_TRUTH
from train.evaluate import cli
from train.evaluate.benchmarks import BenchmarkError
from train.evaluate.same import clips_to_record, differences


def test_equal_arrays_have_no_difference():
    arrays = {"a": np.arange(3.0), "b": np.array("text"), "c": np.array([np.nan, 1.0])}
    assert differences(arrays, {name: each.copy() for name, each in arrays.items()}, 0) == ([], 0)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"a": np.array([0.0, 1.0, 2.5])}, "a differs by 0.5"),
        ({"a": np.array([0.0, 1.0, np.nan])}, "a differs by inf"),
        ({"a": np.arange(4.0)}, "a has the shape"),
        ({"b": np.array("other")}, "b is other, not text"),
        ({"d": np.zeros(1)}, "d is new"),
    ],
)
def test_each_kind_of_difference_is_said(changed, said):
    arrays = {"a": np.arange(3.0), "b": np.array("text")}
    sentences, _ = differences(arrays, arrays | changed, 0)
    assert len(sentences) == 1 and said in sentences[0]


def test_a_tolerance_lets_rounding_pass_and_tells_its_size():
    before, after = {"a": np.zeros(2)}, {"a": np.array([0.0, 1e-7])}
    assert differences(before, after, 1e-6) == ([], 1e-7)
    assert differences(before, after, 1e-8)[0]


def test_two_records_of_takes_are_compared_file_by_file(tmp_path, capsys):
    take = Take.load(DEMO_TRUTH)
    take.save(tmp_path / "before" / "walk" / "person_01.npz")
    take.save(tmp_path / "after" / "walk" / "person_01.npz")
    folders = [str(tmp_path / "before"), str(tmp_path / "after")]
    assert cli.main(["same", *folders]) == 0
    assert "person_01.npz: the same" in capsys.readouterr().out
    take.poses[3, 5] += 1e-4
    take.save(tmp_path / "after" / "walk" / "person_01.npz")
    take.save(tmp_path / "after" / "walk" / "person_02.npz")
    assert cli.main(["same", *folders]) == 1
    said = capsys.readouterr().out
    assert "person_01.npz: poses differs by 0.0001" in said
    assert "person_02.npz: only after" in said
    assert cli.main(["same", str(tmp_path / "none"), folders[1]]) == 1


def test_the_clips_of_a_record_are_there_without_the_data_folder(tmp_path):
    clips = clips_to_record(tmp_path)
    assert len(clips) >= 19 and all(path.is_file() for path in clips.values())


def test_a_revision_that_is_none_is_said(tmp_path, capsys):
    command = ["record", str(tmp_path), "--clips", "demo", "--revision", "no-such-revision"]
    assert cli.main(command) == 1
    assert "The code of no-such-revision cannot be had" in capsys.readouterr().err
    with pytest.raises(BenchmarkError, match="There is no clip dance"):
        from train.evaluate.same import record_main

        record_main([str(tmp_path), "--clips", "dance"])
