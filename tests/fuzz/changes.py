"""Strategies of hypothesis: trees of data that are wrong in a place or a few."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as of_numpy

_TEXTS = st.text(st.characters(), max_size=12) | st.sampled_from(
    ("", "../../etc", "C:\\x", "x" * 5000, "\0", "1e309", "nan", "-0", "true", "\ud800", "\u202e")
)
_NUMBERS = (
    st.integers(-3, 3)
    | st.integers()
    | st.floats()
    | st.sampled_from((2**31, 2**63, 10**400, 1e300, -1e9))
)
PLAIN = st.none() | st.booleans() | _NUMBERS | _TEXTS

ODD = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=6,
)
"""What JSON can hold."""

_KINDS = ("f8", "f4", "f2", "i8", "u4", "i1", "?", "c16", "U3", "S2", "M8[s]")
ODD_DATA = (
    ODD
    | st.binary(max_size=20)
    | of_numpy.arrays(
        st.sampled_from(_KINDS), of_numpy.array_shapes(min_dims=0, max_side=4, min_side=0)
    )
)
"""What an archive of numpy or a pickle can hold, too."""

_ENDS = 6
"""Of a long list so many entries from each end are changed."""


def changed(tree: Any, odd: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return trees that differ from another in one to four places.

    Parameters
    ----------
    tree : object
        Tables and lists with anything in them.
    odd : strategy
        What may stand in the place of anything.
    """

    @st.composite
    def draw_tree(draw: st.DrawFn) -> Any:
        held = [deepcopy(tree)]
        for _ in range(draw(st.integers(1, 4))):
            places = list(_places(held))
            holder, key = places[draw(st.integers(0, len(places) - 1))]
            draw(st.sampled_from(_WAYS))(draw, holder, key, odd)
            if not held:
                return None
        return held[0]

    return draw_tree()  # without arguments: hypothesis would write all of them out


def _places(holder: Any) -> Iterator[tuple[Any, Any]]:
    keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
    if len(keys) > 2 * _ENDS and isinstance(holder, list):
        keys = keys[:_ENDS] + keys[-_ENDS:]
    for key in keys:
        yield holder, key
        if isinstance(holder[key], (dict, list)):
            yield from _places(holder[key])


def _exchange(draw: st.DrawFn, holder: Any, key: Any, odd: st.SearchStrategy[Any]) -> None:
    holder[key] = draw(odd)


def _bend(draw: st.DrawFn, holder: Any, key: Any, odd: st.SearchStrategy[Any]) -> None:
    """Put a value in the place of another that is much like it."""
    value = holder[key]
    if isinstance(value, np.ndarray):
        holder[key] = draw(st.sampled_from(_BENT))(draw, value)
    elif isinstance(value, str):
        at = draw(st.integers(0, len(value)))
        holder[key] = value[:at] + draw(_TEXTS) + value[at:]
    elif isinstance(value, (int, float)):
        holder[key] = draw(_NUMBERS)
    elif isinstance(value, list):
        holder[key] = value * draw(st.sampled_from((0, 2, 50 if len(value) < 20 else 1)))
    else:
        _exchange(draw, holder, key, odd)


def _leave_out(draw: st.DrawFn, holder: Any, key: Any, odd: st.SearchStrategy[Any]) -> None:
    del holder[key]


def _add(draw: st.DrawFn, holder: Any, key: Any, odd: st.SearchStrategy[Any]) -> None:
    if isinstance(holder, list):
        holder.insert(key, draw(st.just(holder[key]) | odd))
    else:
        holder[draw(_TEXTS)] = draw(st.just(holder[key]) | odd)


_WAYS = (_bend, _bend, _exchange, _exchange, _leave_out, _add)


def _one_number(draw: st.DrawFn, array: np.ndarray) -> np.ndarray:
    array = array.copy()
    if array.size and array.dtype.kind in "fiub":
        at = draw(st.integers(0, array.size - 1))
        odd = (np.nan, np.inf, -np.inf, 0, -1, 1e6, 1e30, 1e300)
        with np.errstate(all="ignore"):
            array.reshape(-1)[at] = np.array(draw(st.sampled_from(odd))).astype(array.dtype)
    return array


def _one_value(draw: st.DrawFn, array: np.ndarray) -> np.ndarray:
    if array.dtype.kind not in "fiub":
        return array
    with np.errstate(all="ignore"):
        value = np.array(draw(st.sampled_from((np.nan, 0, -1, 1e5, 1e300)))).astype(array.dtype)
    return np.full_like(array, value)


def _other_kind(draw: st.DrawFn, array: np.ndarray) -> np.ndarray:
    kind = draw(st.sampled_from(_KINDS))
    try:
        with np.errstate(all="ignore"):
            return array.astype(kind)
    except (TypeError, ValueError, RuntimeError):  # times of numbers that no time can be
        return np.zeros(array.shape, kind)


def _other_length(draw: st.DrawFn, array: np.ndarray) -> np.ndarray:
    if not array.ndim:
        return array
    axis = draw(st.integers(0, array.ndim - 1))
    count = draw(st.sampled_from((0, 1, array.shape[axis] - 1, array.shape[axis] + 1)))
    return np.resize(array, (*array.shape[:axis], max(count, 0), *array.shape[axis + 1 :]))


def _other_shape(draw: st.DrawFn, array: np.ndarray) -> np.ndarray:
    ways: tuple[Callable[[np.ndarray], np.ndarray], ...] = (
        np.ravel,
        np.transpose,
        lambda each: each[None],
        lambda each: each[..., None],
        lambda each: each[0] if each.ndim and len(each) else each,
    )
    return draw(st.sampled_from(ways))(array)


_BENT = (_one_number, _one_number, _one_value, _other_kind, _other_length, _other_shape)
