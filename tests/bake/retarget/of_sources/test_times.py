"""Motions at other frame rates."""

from dataclasses import replace

import numpy as np
import pytest

from bake.retarget.sources.times import at_rate, usual_rate
from core_model.geometry.rotations import quaternion_to_matrix, rotation_angle
from tests.bake.retarget.sources import human


def test_a_motion_takes_as_long_at_another_rate():
    source = human()
    twice = at_rate(source, 60.0)
    assert twice.fps == 60 and (twice.frames == np.arange(1, 120)).all()
    assert np.allclose(twice.places[::2], source.places)
    angles = rotation_angle(*(quaternion_to_matrix(q) for q in (twice.turns[::2], source.turns)))
    assert np.degrees(angles).max() < 0.01
    film = at_rate(source, 24.0)
    assert len(film) == 48 and film.last_of_run.sum() == 1
    assert np.allclose(film.places[4], source.places[5])


def test_nothing_is_made_up_in_a_gap():
    source = human()
    ends = source.last_of_run.copy()
    ends[19] = True
    frames = source.frames + np.where(np.arange(60) > 19, 30, 0)
    half = at_rate(replace(source, frames=frames, last_of_run=ends), 15.0)
    assert not ((half.frames > 10) & (half.frames <= 25)).any()
    assert half.last_of_run.sum() == 2 and half.frames[half.last_of_run][0] == 10


def test_one_frame_stays_one():
    source = human()
    one = replace(
        source,
        turns=source.turns[:1],
        places=source.places[:1],
        frames=source.frames[:1],
        last_of_run=np.array([True]),
    )
    assert len(at_rate(one, 60.0)) == 1


def test_rates_written_with_few_digits():
    assert usual_rate(1 / 0.033333) == 30 and usual_rate(1 / 0.008333) == 120
    assert usual_rate(29.97) == pytest.approx(29.97)
