"""Only a clip that is complete is taken from a folder."""

from bake.batch.watch import Settling


def test_a_file_is_left_alone_until_it_has_stopped_growing(tmp_path):
    clip, now = tmp_path / "clip.mp4", [0.0]
    settling = Settling(5.0, lambda: now[0])
    clip.write_bytes(b"a")
    for moment in range(0, 12, 2):
        now[0] = float(moment)
        clip.write_bytes(b"a" * (moment + 1))
        assert settling.settled([clip]) == []
    now[0] = 14.9
    assert settling.settled([clip]) == []
    now[0] = 15.0
    assert settling.settled([clip]) == [clip]


def test_a_file_that_was_just_renamed_or_replaced_begins_anew(tmp_path):
    part, clip, now = tmp_path / "clip.part", tmp_path / "clip.mp4", [0.0]
    settling = Settling(5.0, lambda: now[0])
    part.write_bytes(b"whole")
    part.rename(clip)
    assert settling.settled([clip]) == []
    now[0] = 6.0
    assert settling.settled([clip]) == [clip]
    part.write_bytes(b"other")
    part.rename(clip)
    assert settling.settled([clip]) == []
    now[0] = 11.0
    assert settling.settled([clip]) == [clip]


def test_a_file_that_goes_is_no_error(tmp_path):
    assert Settling(0.0).settled([tmp_path / "gone.mp4"]) == []
