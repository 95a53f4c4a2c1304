"""The cheapest way through states, one for each frame (the Viterbi path)."""

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


def cheapest_way_on(first: np.ndarray, steps: np.ndarray, costs: np.ndarray) -> np.ndarray:
    """Return the states (T,) on the cheapest way, where a step depends on the one before.

    Parameters
    ----------
    first : (S, S)
        What it costs to go from the first state, in rows, to the second.
    steps : (T - 2, S, S, S)
        What it costs to go from the state before the last and the last one to the one now.
    costs : (T, S)
        What it costs to be in a state.
    """
    total = costs[0][:, None] + first + costs[1]
    came_from = np.zeros(steps.shape[:1] + first.shape, int)
    for frame, step in enumerate(steps):
        ways = total[..., None] + step
        came_from[frame] = ways.argmin(axis=0)
        total = ways.min(axis=0) + costs[frame + 2]
    states = np.zeros(len(costs), int)
    states[-2], states[-1] = np.unravel_index(total.argmin(), total.shape)
    for frame in range(len(steps) - 1, -1, -1):
        states[frame] = came_from[frame, states[frame + 1], states[frame + 2]]
    return states
