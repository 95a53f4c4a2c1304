"""A wrong arm is mended in a real Blender window, by simulated events."""

import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core_model.body.landmarks import LANDMARK_INDEX
from core_model.body.skeleton import JOINT_INDEX
from core_model.take.writing import save_takes, scratch_folder
from tests.core_model.solving.clips import true_take, turned
from tests.int_mocap_addon.gui.test_window import HERE, TOOL, blender, keep_pictures
from train.places import RENDERED_FOLDER

pytestmark = [pytest.mark.gui, pytest.mark.timeout(1200)]

WRONG, FRAME, FRAMES = slice(16, 30), 24, 48
BONE, ANGLE = "left_shoulder", 0.9


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory, archive: Path) -> dict[str, Any]:
    if not TOOL.is_file():
        pytest.skip(f"A Blender with a window needs {TOOL}, which is not there.")
    folder = tmp_path_factory.mktemp("corrections")
    clip = folder / "signals.mp4"
    shutil.copyfile(RENDERED_FOLDER / "signals.mp4", clip)
    truth = true_take("signals_01", FRAMES)
    take = turned(truth, BONE, (0.0, 0.0, -ANGLE), WRONG)
    take.confidence[WRONG, JOINT_INDEX[BONE] :: 2] = 0.2
    take.keypoints2d[WRONG, 11:23:2, 2] = 0.05
    take = replace(take, source={"video": str(clip)})
    captured = folder / "signals_01"
    captured.mkdir()
    with scratch_folder(captured) as scratch:
        save_takes(captured, scratch, [take], {"video": str(clip)}, [])
    joints = truth.joints()
    seen = joints[:, JOINT_INDEX["left_hand"]] - joints[:, JOINT_INDEX[BONE]]
    plan = {
        "engine": sys.executable,
        "takes": str(folder / "takes"),
        "take": str(captured / "person_01.npz"),
        "frame": FRAME,
        "bone": BONE,
        # The Z of an upper arm points forward, as that of SMPL does.
        "axis": "Z",
        "degrees": float(np.degrees(ANGLE)),
        "wrist": LANDMARK_INDEX["right_wrist"],
        "hand": [[row + 1, seen[row].tolist()] for row in range(18, 28)],
    }
    (folder / "plan.json").write_text(json.dumps(plan))
    assert blender("install", folder).returncode == 0
    blender("shell", folder, HERE / "session.sh", folder, archive, HERE / "scenario_corrections.py")
    found: dict[str, Any] = json.loads((folder / "notes.json").read_text())
    assert found["outcome"] == "done", found["outcome"]
    keep_pictures(folder)
    print(json.dumps(found["gaps"]), found["said"], found["before"], found["after"])
    return found


def test_the_arm_is_posed_and_pinned(notes):
    assert notes["posed"] < notes["before"] / 4
    assert notes["pins"] == [["ROTATION", BONE]]
    assert notes["markers"] == [["Pin: left shoulder", FRAME]]


def test_solved_again_the_arm_is_right_around_the_pin(notes):
    assert notes["said"].startswith("Solved 1 take again")
    assert notes["after"] < notes["before"] / 3
    assert notes["reached"] < 2.0, "degrees from where it was pinned"


def test_a_solve_is_one_step_of_undo(notes):
    solved, pins, off = notes["undone"]
    assert (solved, pins) == (False, 1) and abs(off - notes["before"]) < 1
    assert notes["redone"][0] and abs(notes["redone"][1] - notes["after"]) < 1


def test_a_landmark_is_dragged_over_the_clip_and_another_hidden(notes):
    kinds = {(kind, part): at for kind, part, at in notes["landmarks"]}
    assert set(kinds) == {("LANDMARK", "right_wrist"), ("HIDDEN", "nose")}
    at, before = kinds["LANDMARK", "right_wrist"], notes["landmark_before"]
    assert at[0] > before[0] + 5 and at[1] < before[1] - 3, "it was dragged to the right and up"
