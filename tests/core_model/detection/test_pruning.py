"""What is left of a network gives what the whole one gives."""

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from core_model.assets.fetch_pose_models import POSE_FOLDER
from core_model.detection.pruning import pruned

CASES = (
    ("pose_landmark_full.tflite", ("Identity", "Identity_1", "Identity_3")),
    ("pose_landmark_heavy.tflite", ("Identity", "Identity_1", "Identity_3")),
    ("pose_landmark_full.tflite", ("Identity_2",)),
    ("hand_landmark_full.tflite", ("Identity_1",)),
    ("pose_detection.tflite", ("Identity", "Identity_1")),
)


def ran(content: bytes) -> tuple[dict[str, np.ndarray], int]:
    """Return what a network makes of noise, by name, and how many operators it has."""
    interpreter = Interpreter(model_content=content, num_threads=1)
    operators = len(interpreter._get_ops_details())
    interpreter.allocate_tensors()
    picture = interpreter.get_input_details()[0]
    noise = np.random.default_rng(0).random(picture["shape"], np.float32)
    interpreter.set_tensor(picture["index"], noise)
    interpreter.invoke()
    details = interpreter.get_output_details()
    return {each["name"]: interpreter.get_tensor(each["index"]) for each in details}, operators


@pytest.mark.parametrize(("name", "outputs"), CASES)
def test_what_is_asked_for_is_the_same_to_the_bit(name, outputs):
    whole = (POSE_FOLDER / name).read_bytes()
    expected, all_operators = ran(whole)
    given, operators = ran(pruned(whole, outputs))
    assert set(given) == set(outputs)
    for output in outputs:
        assert np.array_equal(given[output], expected[output])
    assert operators < all_operators if len(outputs) < len(expected) else operators == all_operators


def test_the_mask_is_a_sixth_of_the_smaller_landmark_network():
    whole = (POSE_FOLDER / "pose_landmark_full.tflite").read_bytes()
    assert ran(pruned(whole, CASES[0][1]))[1] < 0.86 * ran(whole)[1]


def test_an_output_that_there_is_not_is_told():
    whole = (POSE_FOLDER / "hand_landmark_full.tflite").read_bytes()
    with pytest.raises(ValueError, match="does not give Mask"):
        pruned(whole, ["Identity", "Mask"])
