from pathlib import Path

import numpy as np
import pytest

from core_model.take import Take
from core_model.take.elsewhere import asked_first, computer_of, without_far_files

HERE = Path("/home/user/takes/person_01.npz")


@pytest.mark.parametrize(
    ("path", "computer"),
    [
        (r"\\Server\share\clip.mp4", "server"),
        ("//server/share/clip.mp4", "server"),
        (r"\/server\share/clip.mp4", "server"),
        (r"\\?\UNC\server\share\clip.mp4", "server"),
        (r"\\.\UNC\server\share", "server"),
        (r"\\?\C:\clips\clip.mp4", ""),
        (r"\\.\pipe\clip", "pipe"),
        (r"\\?\GLOBALROOT\Device\Mup\server\share", "globalroot"),
        (r"\\server@SSL\share", "server@ssl"),
        ("///server/share", "server"),
        (r"C:\clips\clip.mp4", ""),
        ("/clips//clip.mp4", ""),
        (r"clips\clip.mp4", ""),
        ("//", ""),
        ("", ""),
    ],
)
def test_a_path_names_the_computer_that_windows_would_ask(path, computer):
    assert computer_of(path) == computer


def test_the_computer_of_the_take_and_those_agreed_to_are_not_asked_about():
    clip = r"\\server\share\clip.mp4"
    assert asked_first(clip, HERE) == "server"
    assert not asked_first(clip, HERE, ["SERVER"])
    assert not asked_first(clip, Path("//server/takes/person_01.npz"))
    assert asked_first(clip, Path("//another/takes/person_01.npz")) == "server"
    assert not asked_first("/clips/clip.mp4", HERE)
    assert not asked_first(None, HERE)


def test_a_take_forgets_clip_and_copy_on_a_computer_that_nobody_agreed_to():
    stored = {"copy": "//server/share/copy.mp4", "lead": -0.1}
    source = {"video": r"\\server\share\clip.mp4", "model": "INT", "stored": stored}
    take = Take(np.zeros((2, 72)), np.zeros((2, 3)), np.zeros(10), np.arange(2) / 30, source=source)
    near, told = without_far_files(take, HERE)
    assert near.source == {"model": "INT", "stored": {"lead": -0.1}}
    assert "the computer server" in told[0] and "--clips-from server" in told[0]
    agreed, told = without_far_files(take, HERE, ["server"])
    assert agreed.source == source and not told
