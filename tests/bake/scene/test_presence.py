"""Nobody stands in the scene before they come or after they go."""

import bpy
import numpy as np

from tests.bake.motions import tiny_body, walking
from tests.bake.written import written


def _shown(scene, body, frames):
    shown = []
    for frame in frames:
        scene.frame_set(int(frame))
        evaluated = body.evaluated_get(bpy.context.evaluated_depsgraph_get())
        assert evaluated.hide_viewport == evaluated.hide_render
        shown.append(not evaluated.hide_render)
    return np.array(shown)


def test_a_body_shows_exactly_while_its_person_was_seen(empty_scene):
    take = walking(frames=120)
    take.times += 1.0
    take.frame_valid[40:80] = False
    empty_scene.frame_end = 200
    person = written(take, empty_scene, start=0.0, body=tiny_body())
    frames = np.arange(1, 201)
    assert np.array_equal(
        _shown(empty_scene, person.body, frames), np.isin(frames, person.keys.frames)
    )
    assert tuple(person.keys.frames[[0, -1]]) == (31, 150)
    assert person.action.frame_range.x == 31 and person.action.frame_range.y == 150


def test_one_who_is_always_there_gets_no_drivers(empty_scene):
    empty_scene.frame_end = 60
    person = written(walking(frames=60), empty_scene, body=tiny_body())
    assert person.body.animation_data is None
    assert _shown(empty_scene, person.body, range(1, 61)).all()


def test_one_who_was_always_there_goes_when_a_later_bake_makes_the_scene_longer(empty_scene):
    empty_scene.frame_end = 60
    first = written(walking(frames=60), empty_scene, body=tiny_body())
    empty_scene.frame_end = 100
    written(walking(frames=100), empty_scene, body=tiny_body())
    frames = np.arange(1, 101)
    assert np.array_equal(_shown(empty_scene, first.body, frames), frames <= 60)


def test_a_body_that_the_user_shows_stays_shown(empty_scene):
    empty_scene.frame_end = 100
    first = written(walking(frames=60), empty_scene, body=tiny_body())
    for path in ("hide_viewport", "hide_render"):
        first.body.driver_remove(path)
        setattr(first.body, path, False)
    written(walking(frames=100), empty_scene, body=tiny_body())
    assert _shown(empty_scene, first.body, range(1, 101)).all()
