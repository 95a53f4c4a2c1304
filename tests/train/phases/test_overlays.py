import numpy as np

from train.databases.pictures.joints import SPIN_INDEX
from train.phases.overlays import overlays


def test_limbs_are_drawn_where_the_joints_are():
    crops = np.zeros((2, 224, 224, 3), np.uint8)
    said, truth = np.full((2, 49, 2), 9.0), np.zeros((2, 49, 3))
    neck, top = SPIN_INDEX["lsp_neck"], SPIN_INDEX["lsp_head_top"]
    said[0, neck], said[0, top] = (0, 0), (0, -0.5)
    truth[1, [neck, top]] = [(-0.5, 0, 1), (-0.5, -0.5, 1)]
    drawn = overlays(crops, said, truth, scale=2)
    assert drawn.shape == (2, 448, 448, 3)
    assert drawn[0, 168, 224].argmax() == 1 and drawn[0, 168, 224].max() > 150
    assert drawn[1, 168, 112].argmax() == 0 and drawn[1, 168, 112].max() > 150
    assert not drawn[1, 300:].any()  # joints far outside are nowhere
