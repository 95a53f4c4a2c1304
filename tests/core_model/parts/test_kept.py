"""What is kept of a long clip while several captures are at work in one folder."""

import contextlib
import shutil
import subprocess
import sys

import numpy as np
import pytest

from core_model.capture import PARTS_NAME, capture
from core_model.errors import OutputError
from core_model.options import CaptureOptions
from core_model.parts.following import Limits
from core_model.parts.kept import Kept, Part
from core_model.take import Take
from core_model.tracking.track_people import TrackingResult
from tests.places import DEMO, ROOT

_ABOUT = {"clip": "a"}


def _open(tmp_path, number: int, about: dict[str, str] = _ABOUT) -> Kept:
    """Open what is kept as one of several captures into the same folder."""
    return Kept(tmp_path / PARTS_NAME, about, tmp_path / f"scratch_{number}" / "parts")


def _add(kept: Kept, seconds: float) -> None:
    """Add a part that can be known by its seconds."""
    first = kept.parts[-1].next_first if kept.parts else 0
    times = np.array([seconds, seconds + 1])
    kept.add_followed(Part(first, 2, first + 2), TrackingResult(times, [], []))


def _seconds(kept: Kept) -> list[float]:
    return [kept.followed(number).times[0] for number in range(len(kept.parts))]


@pytest.mark.parametrize("other", [_ABOUT, {"clip": "b"}])
@pytest.mark.parametrize("second_begins", ["before the first part", "after it"])
def test_two_at_once_keep_their_own(tmp_path, second_begins, other):
    with contextlib.ExitStack() as open_now:
        first = open_now.enter_context(_open(tmp_path, 1))
        if second_begins == "after it":
            _add(first, 10)
        second = open_now.enter_context(_open(tmp_path, 2, other))
        assert second.parts == [], "what another is at work with is taken up"
        if second_begins == "before the first part":
            _add(first, 10)
        _add(second, 20)
        _add(first, 11)
        assert (_seconds(first), _seconds(second)) == ([10, 11], [20])
        second.take_away()
        assert _seconds(first) == [10, 11]
    with _open(tmp_path, 3) as later:
        assert _seconds(later) == [10, 11], "what was stopped is not taken up again"


def test_what_is_done_leaves_nothing_and_what_is_not_only_its_parts(tmp_path):
    with _open(tmp_path, 1) as short:
        assert short.parts == []
    with _open(tmp_path, 1) as done:
        _add(done, 10)
        done.take_away()
    assert list(tmp_path.iterdir()) == []
    with _open(tmp_path, 1) as stopped:
        _add(stopped, 10)
    kept = sorted(path.name for path in (tmp_path / PARTS_NAME).iterdir())
    assert kept == ["parts.json", "people_0000.npz"]
    with _open(tmp_path, 2, {"clip": "short"}):
        pass
    assert sorted(path.name for path in (tmp_path / PARTS_NAME).iterdir()) == kept


def test_where_no_part_can_be_kept_nothing_is_left(tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OutputError("No space left")

    monkeypatch.setattr("core_model.parts.kept.save_tracks", full)
    with pytest.raises(OutputError), _open(tmp_path, 1) as kept:
        _add(kept, 10)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_taken_away_in_between_is_made_again(tmp_path):
    with _open(tmp_path, 1) as kept:
        _add(kept, 10)
        shutil.rmtree(kept.folder)
        with pytest.raises(OutputError, match="begins anew"):
            kept.followed(0)
    with _open(tmp_path, 1) as kept:
        _add(kept, 12)
        assert _seconds(kept) == [12]


@pytest.mark.parametrize("damage", ["Infinity", "1e999", "null", '"a"', "[" * 99999])
def test_a_damaged_summary_is_none(tmp_path, damage):
    with _open(tmp_path, 1) as kept:
        _add(kept, 10)
        (summary,) = kept.folder.glob("*.json")
    text = summary.read_text()
    assert text.count("[[0, 2, 2]]") == 1
    summary.write_text(text.replace("[[0, 2, 2]]", f"[[{damage}, 2, 2]]"))
    with _open(tmp_path, 2) as kept:
        assert kept.parts == []
        _add(kept, 12)
        assert _seconds(kept) == [12]


def test_the_lock_of_one_that_was_killed_is_nobodys(tmp_path):
    with _open(tmp_path, 1) as kept:
        _add(kept, 10)
    program = (
        "import os, sys; from pathlib import Path; from core_model.storage.locks import Claim; "
        "assert Claim.of(Path(sys.argv[1])); os.kill(os.getpid(), 9)"
    )
    lock = tmp_path / PARTS_NAME / ".at_work"
    killed = subprocess.run([sys.executable, "-c", program, str(lock)], cwd=ROOT)
    assert killed.returncode and lock.exists()
    with _open(tmp_path, 2) as later:
        assert _seconds(later) == [10]


@pytest.mark.long
def test_a_long_clip_captured_twice_at_once_into_one_folder(tmp_path):
    options = CaptureOptions(quality="fast", hands=False, refine=False, device="cpu", end=1.0)
    limits = (Limits(20, 10**6, 0.2), Limits(12, 10**6, 0.2))
    inner: list[Take | None] = []

    def in_between(stage: str, done: int, total: int | None, ahead: object = None) -> None:
        if stage == "people" and done == 25 and not inner:
            inner.append(None)
            inner.extend(capture(DEMO, tmp_path, options, limits=limits))

    (outer,) = capture(DEMO, tmp_path, options, in_between, limits)
    assert len(inner) == 2 and inner[1]
    np.testing.assert_array_equal(outer.poses, inner[1].poses)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["capture.json", "person_01.npz"]
