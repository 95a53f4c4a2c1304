"""The time that is left, on what the engine said while it captured real clips.

`streams.json` holds its messages (seconds, stage, done, total, work ahead, seconds of the
processor) on a machine with two cores that had nothing else to do, and on one that was busy;
`record_streams` makes it. They are also told at the pace of slower and faster machines.
"""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core_model.engine.forecast import BAKE, CAPTURE, Forecast
from core_model.engine.protocol import Step

Stream = list[tuple[float, Step]]

_STREAMS = json.loads((Path(__file__).parent / "streams.json").read_text())
CLIPS = sorted(_STREAMS["quiet"])
FORESEEN = ["one_by_one", "two_people", "yoga_warrior"]
"""Where left and right are exchanged from the start or never: it costs several stages more, and
short clips a quarter of what is left. Elsewhere nobody knows before it happens."""
BUSY = {"people": 1.8, "sides": 1.5, "hands": 1.2, "network": 1.6, "fit": 1.05}
"""Cores that a quiet machine keeps busy."""
LOADING = 2.2  # seconds until the engine says its first word of a stage
PREPARING = {"fit": 0.1}  # seconds from a stage's first word to the first of its work


def recorded(clip: str, machine: str = "quiet") -> tuple[Stream, float]:
    steps = [
        (when, Step(stage, done, total, ahead=ahead, cpu=cpu))
        for when, stage, done, total, ahead, cpu in _STREAMS[machine][clip]["steps"]
    ]
    return steps, _STREAMS[machine][clip]["end"]


def at_a_pace(clip: str, slower: float, uneven: float, seed: int) -> tuple[Stream, float]:
    """Return the messages of a machine that is so much slower, its stages unevenly so."""
    steps, _ = recorded(clip)
    usual, costs = Forecast(CAPTURE, 0.0), dict[str, float]()
    for when, step in steps:
        usual.hear(step, when)
        costs[step.stage] = usual.usual_cost(step.stage)
    random, told, begin = np.random.default_rng(seed), [], LOADING * slower
    for stage in CAPTURE:
        factor = slower * np.exp(random.uniform(-uneven, uneven))
        seconds = factor * costs.get(stage, 0.0)
        prepares = min(factor * PREPARING.get(stage, 0.0), seconds)
        for _, step in steps:
            if step.stage == stage:
                share = step.done / step.total if step.total else 0.0
                passed = prepares + share * (seconds - prepares) if step.done else 0.0
                told.append((begin + passed, replace(step, cpu=None)))
        begin += seconds
    return told, begin


def heard(stream: Stream, end: float, forecast: Forecast) -> list[tuple[float, float, float]]:
    """Return moment, share and seconds left all along."""
    said, coming = [], list(stream)
    for now in np.linspace(0, end, 300):
        while coming and coming[0][0] <= now:
            forecast.hear(coming[0][1], coming[0][0])
            del coming[0]
        standing = forecast.at(float(now))
        left = np.nan if standing.left is None else standing.left
        said.append((float(now), standing.share, left))
    return said


def off(
    said: list[tuple[float, float, float]], end: float, begin: float, until: float
) -> list[float]:
    """Return by what share the time left was wrong, from one share of the whole to another."""
    return [
        abs(left - (end - now)) / (end - now) for now, _, left in said if begin <= now / end < until
    ]


@pytest.mark.parametrize("clip", FORESEEN)
@pytest.mark.parametrize("slower", [0.5, 1.0, 4.0])
@pytest.mark.parametrize("seed", range(4))
def test_from_a_third_on_the_time_left_is_within_a_quarter(clip: str, slower: float, seed: int):
    stream, end = at_a_pace(clip, slower, 0.15, seed)
    said = heard(stream, end, Forecast(CAPTURE, 0.0))
    assert max(off(said, end, 1 / 3, 0.95)) <= 0.25


@pytest.mark.parametrize("clip", CLIPS)
def test_the_bar_never_goes_back_and_is_never_full_before_the_end(clip: str):
    stream, end = recorded(clip)
    shares = [share for _, share, _ in heard(stream, end, Forecast(CAPTURE, 0.0))]
    assert all(after >= before for before, after in zip(shares[:-1], shares[1:], strict=True))
    assert shares[0] == 0 and 0.9 < shares[-1] < 1


@pytest.mark.parametrize("clip", sorted(_STREAMS["busy"]))
def test_a_busy_machine_is_still_told_about_what_it_takes(clip: str):
    """As it was recorded, with other programs coming and going."""
    stream, end = recorded(clip, "busy")
    said = heard(stream, end, Forecast(CAPTURE, 0.0))
    assert np.median(off(said, end, 1 / 3, 0.95)) < 0.35


def unforeseen(clip: str, why: str) -> object:
    return pytest.param(clip, marks=pytest.mark.xfail(strict=True, reason=why))


@pytest.mark.parametrize(
    "clip",
    [
        *("cam02", "runner_fast", "two_people", "yoga_warrior"),
        unforeseen("runner", "somebody comes late, and left and right are exchanged late"),
        unforeseen("one_by_one", "people come and go: what comes last is quicker than what was"),
    ],
)
def test_a_quiet_machine_is_forecast_on_its_own_clock(clip: str):
    stream, end = recorded(clip)
    wrong = np.array(off(heard(stream, end, Forecast(CAPTURE, 0.0)), end, 1 / 3, 0.95))
    assert np.median(wrong) < 0.15 and (wrong <= 0.25).mean() > 0.75


def test_a_machine_that_is_known_is_forecast_well_from_the_start():
    known, unknown = [], []
    for seed in range(6):
        stream, end = at_a_pace("yoga_warrior", 4.0, 0.5, seed)
        unknown += off(heard(stream, end, Forecast(CAPTURE, 0.0)), end, 0.2, 0.35)
        pace: dict[str, float] = {}
        for _ in range(5):
            again = Forecast(CAPTURE, 0.0, pace)
            said = heard(stream, end, again)
            again.reach(BAKE, 0.0, end)
            pace = again.pace()
        known += off(said, end, 0.2, 0.35)
    assert np.mean(known) < 0.5 * np.mean(unknown) and np.mean(known) < 0.15


def beside_others(stream: Stream, end: float, until: float, slower: float) -> tuple[Stream, float]:
    """Return the messages of a worker that other programs leave less of the processor, at first."""

    def on_the_wall(own: float) -> float:
        return own + (slower - 1) * min(own, until)

    told, cpu, before, stage = [], 0.0, 0.0, ""
    for when, step in stream:
        # A worker is one process with threads: more of them find people than fit.
        cpu += BUSY.get(stage, 1.15) * (when - before)
        told.append((on_the_wall(when), replace(step, cpu=cpu)))
        before, stage = when, step.stage
    return told, on_the_wall(end)


@pytest.mark.parametrize("clip", CLIPS)
def test_what_is_learnt_of_a_machine_is_not_what_else_it_does(clip: str):
    stream, end = at_a_pace(clip, 2.0, 0.3, 0)
    paces = []
    for told, whole in (
        beside_others(stream, end, 0.0, 1.0),
        beside_others(stream, end, 0.6 * end, 5.0),
    ):
        forecast = Forecast(CAPTURE, 0.0)
        heard(told, whole, forecast)
        forecast.reach(BAKE, 0.0, whole)
        paces.append(forecast.pace())
    assert paces[0] == pytest.approx(paces[1], rel=0.05)


@pytest.mark.parametrize("clip", FORESEEN)
def test_an_even_load_changes_nothing(clip: str):
    stream, end = at_a_pace(clip, 1.0, 0.15, 1)
    told, whole = beside_others(stream, end, end, 6.0)
    said = heard(told, whole, Forecast(CAPTURE, 0.0))
    assert max(off(said, whole, 1 / 3, 0.95)) <= 0.25


def test_nothing_is_said_before_anything_is_known():
    forecast = Forecast([*CAPTURE, BAKE], 10.0)
    assert forecast.at(13.0).left is None
    forecast.hear(Step("people", 5, None), 14.0)
    assert forecast.at(14.0).left is None, "nobody knows how long the clip is"


def test_baking_is_part_of_the_whole():
    stream, end = recorded("runner")
    with_baking, without = Forecast([*CAPTURE, BAKE], 0.0), Forecast(CAPTURE, 0.0)
    for when, step in stream:
        with_baking.hear(step, when)
        without.hear(step, when)
    left, less = with_baking.at(end).left, without.at(end).left
    assert left is not None and less is not None and left > less + 1
    with_baking.reach(BAKE, 0.5, end + 1)
    assert with_baking.at(end + 1).share > 0.9
