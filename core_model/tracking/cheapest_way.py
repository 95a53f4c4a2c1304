"""The cheapest way through states, one for each frame."""

import numpy as np


def cheapest_way(steps: np.ndarray, costs: np.ndarray) -> np.ndarray:
    """Return the states (T,) on the cheapest way through a clip (the Viterbi path).

    Parameters
    ----------
    steps : (T - 1, S, S)
        What it costs to go from the state before, in rows, to the one now.
    costs : (T, S)
        What it costs to be in a state.
    """
    total = costs[0]
    came_from = np.zeros(costs.shape, int)
    for frame in range(1, len(costs)):
        ways = total[:, None] + steps[frame - 1]
        came_from[frame] = ways.argmin(axis=0)
        total = ways.min(axis=0) + costs[frame]
    states = np.zeros(len(costs), int)
    states[-1] = total.argmin()
    for frame in range(len(costs) - 1, 0, -1):
        states[frame - 1] = came_from[frame, states[frame]]
    return states
