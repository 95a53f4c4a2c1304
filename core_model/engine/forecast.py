"""How far a job has come over all its stages, and how long it will still take.

Every stage has a usual cost; what the worker says makes amounts of them, at first from the people
seen so far, and how long it took until now tells how much slower than usual this machine is. That
is counted in seconds of the processor, which other programs do not change; how much of it the
worker was given lately makes time on the clock of what is left.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core_model.engine.protocol import Step

CAPTURE = ("people", "sides", "hands", "network", "fit", "world", "copy")
"""Stages of a capture that take time, in their order."""

CAPTURE_VIEWS = ("people", "sides", "hands", "network", "fit", "views", "world", "copy")
"""Likewise of one of several clips of the same performance."""

FIND_PEOPLE = ("people", "thumbnails")
"""Stages of a first look at who is in a clip."""

SOLVE = ("solve",)
"""Stages of takes that are solved again, with what was corrected."""

BAKE = "bake"
"""The stage after a capture that turns its takes into animation."""

_COSTS = {
    "people": (0.0, 0.0115),
    "sides": (0.0, 0.0045),
    "hands": (0.0, 0.0085),
    "network": (0.1, 0.00086),
    "fit": (0.9, 0.0026),
    "views": (0.8, 0.012),
    "world": (0.2, 0.0001),
    "copy": (0.0, 0.012),
    "solve": (0.2, 0.008),
    BAKE: (0.4, 0.002),
}
"""Seconds of each stage on two cores: those that it takes in any case, and for each unit of what
`Step.ahead` counts."""

_IN_PARTS = ("sides", "hands", "network", "fit")
"""Stages that each part of a long clip goes through on its own, all of them told as the fit."""

_BEFORE_ANYTHING = {"fit": 0.1, "solve": 0.2, BAKE: 0.4}
"""Of the first of these, what a stage takes before anything of it is done."""

_DECODING = 0.0005
"""Seconds of a frame that is read once more, for the hands."""

_USUAL: Mapping[str, float] = {}
_WORTH_MEASURING = 0.5  # seconds

CORES = {
    "people": 1.8,
    "sides": 1.5,
    "hands": 1.2,
    "network": 1.6,
    "fit": 1.7,
    "solve": 1.05,
}
"""What a stage keeps busy of a machine with two that has nothing else to do: seconds of the
processor by this are the seconds of `_COSTS`."""

_ONE_PIECE, _ALONE_CORES, _SIDE_BY_SIDE = 768, 1.1, 0.75
"""A fit of up to so much is one piece, which keeps one core busy; more of them share the cores, and
each takes so many times as long."""

OTHER_CORES = 1.15
"""Likewise of other stages, and of what is loaded before the first."""

_LATELY = 60.0
"""Seconds over which what the worker is given of the processor is forgotten."""

_PRIOR = 0.5
"""Seconds of usual speed that are believed in before anything was measured."""

_NEVER_DONE = 0.99
"""The largest share that is shown before the end."""


def usual_seconds(ahead: Mapping[str, int]) -> dict[str, float]:
    """Return the seconds that work of each kind usually takes, by what `Step.ahead` counts."""
    return {stage: _COSTS[stage][1] * amount for stage, amount in ahead.items()}


def in_parts(ahead: Mapping[str, int]) -> dict[str, int]:
    """Return the work of a clip that is captured in parts, where all of a part counts as fit."""
    seconds = usual_seconds(ahead)
    whole = sum(seconds.get(stage, 0.0) for stage in _IN_PARTS) / _COSTS["fit"][1]
    others = {stage: count for stage, count in ahead.items() if stage not in _IN_PARTS}
    return others | {"fit": round(whole)}


@dataclass(frozen=True)
class Standing:
    """Where a job stands.

    Parameters
    ----------
    share : float
        0 to 1 of all stages, by time; never less than before.
    left : float or None
        Seconds; None while nothing can be said.
    """

    share: float
    left: float | None


class _OwnTime:
    """The clock of a job that stands still while other programs have the processor.

    Parameters
    ----------
    began : float
        Seconds on the clock of the wall; without a word of the processor both go alike.
    """

    def __init__(self, began: float) -> None:
        self._heard = self._own = began
        self._cpu = self._passed = self._worked = 0.0
        self.clock_seconds = 1.0
        """On the wall of each of its own, lately."""

    def hear(self, now: float, cpu: float, cores: float) -> None:
        """Take in how much of the processor the job has had since it began, lately on so many."""
        worked = max(cpu - self._cpu, 0.0) / cores
        passed = now - self._heard
        kept = math.exp(-passed / _LATELY)
        self._passed, self._worked = kept * self._passed + passed, kept * self._worked + worked
        self._heard, self._own, self._cpu = now, self._own + worked, cpu
        if self._worked > 0:
            self.clock_seconds = self._passed / self._worked

    def at(self, now: float) -> float:
        """Return its own time at a moment, where nothing was heard as it went lately."""
        return self._own + (now - self._heard) / self.clock_seconds


class Forecast:
    """Listens to a worker and says where its job stands.

    Parameters
    ----------
    stages : sequence of str
        All that the job will go through, in their order.
    began : float
        Seconds on whatever clock the later calls go by.
    pace : mapping
        By how much longer than usual stages took here before, as `pace` told it then.
    """

    def __init__(
        self, stages: Sequence[str], began: float, pace: Mapping[str, float] = _USUAL
    ) -> None:
        self._stages, self._began = list(stages), began
        self._stage, self._since, self._done = "", began, 0.0
        self._frames: float | None = None
        self._amounts: dict[str, float] = {}
        self._pace, self._measured = pace, dict[str, float]()
        self._spent = self._usual = 0.0
        self._own = _OwnTime(began)
        self._end: float | None = None
        self._share = 0.0

    def hear(self, step: Step, now: float) -> None:
        """Take in what the worker says of a stage."""
        if step.cpu is not None:
            alone = self._stage == "fit" and self._fits_alone()
            cores = _ALONE_CORES if alone else CORES.get(self._stage, OTHER_CORES)
            self._own.hear(now, step.cpu, cores)
        if step.stage != self._stage:
            self._enter(step.stage, now)
        if step.stage == "people":
            self._frames = step.total and max(step.total, step.done)
        if step.ahead:
            so_far = step.done / self._frames if step.stage == "people" and self._frames else 1.0
            self._amounts = {name: count / so_far for name, count in step.ahead.items()}
        self.reach(step.stage, step.done / step.total if step.total else 0.0, now)

    def reach(self, stage: str, share: float, now: float) -> None:
        """Take in that so much of a stage is done, 0 to 1."""
        if stage != self._stage:
            self._enter(stage, now)
        self._done = min(share, 1.0)
        self._end = self._expected_end(self._own.at(now))

    def at(self, now: float) -> Standing:
        """Return where the job stands at a moment."""
        if self._end is None:
            return Standing(self._share, None)
        own = self._own.at(now)
        # A stage that takes longer than it should still leaves those after it to do.
        left = max(self._end - own, self._slowness(own) * self._usual_of_rest(), 0.0)
        left *= self._own.clock_seconds
        passed = now - self._began
        share = passed / (passed + left) if passed > 0 else 0.0
        self._share = max(self._share, min(share, _NEVER_DONE))
        return Standing(self._share, left)

    def pace(self) -> dict[str, float]:
        """Return by how much longer than usual stages took, half of it as it was before."""
        measured = {
            stage: math.sqrt(ratio * self._pace.get(stage, ratio))
            for stage, ratio in self._measured.items()
        }
        return dict(self._pace) | measured

    def _enter(self, stage: str, now: float) -> None:
        now = self._own.at(now)
        usual = self.usual_cost(self._stage)
        if usual:
            self._spent += now - self._since
            self._usual += usual
            if usual > _WORTH_MEASURING:
                before = self._pace.get(self._stage, 1.0)
                ratio = before * (now - self._since) / usual
                self._measured[self._stage] = min(max(ratio, 0.05), 20.0)
        self._stage, self._since, self._done = stage, now, 0.0

    def _expected_end(self, now: float) -> float | None:
        if "people" in self._stages and self._stage == "people" and not self._frames:
            return None
        slowness = self._slowness(now)
        usual, passed = self.usual_cost(self._stage), now - self._since
        reached = self._usual_so_far(passed / slowness)
        own = (passed + _PRIOR * slowness) / (reached + _PRIOR)
        return now + own * (usual - reached) + slowness * self._usual_of_rest()

    def _slowness(self, now: float) -> float:
        """Return how much longer than usual everything took until now."""
        usual = self.usual_cost(self._stage)
        spent = self._spent + (now - self._since if usual and self._done else 0.0)
        done = self._usual_so_far(math.inf) if self._done else 0.0
        return (spent + _PRIOR) / (self._usual + done + _PRIOR)

    def _usual_so_far(self, passed: float) -> float:
        """Return the usual seconds of what is done of a stage, which first prepares for a while."""
        usual = self.usual_cost(self._stage)
        fixed = min(self._preparing(self._stage), usual)
        return (fixed if self._done else min(fixed, passed)) + (usual - fixed) * self._done

    def _usual_of_rest(self) -> float:
        if self._stage not in self._stages:
            return 0.0
        rest = self._stages[self._stages.index(self._stage) + 1 :]
        return sum(map(self.usual_cost, rest))

    def _preparing(self, stage: str) -> float:
        return _BEFORE_ANYTHING.get(stage, 0.0) * self._pace.get(stage, 1.0)

    def usual_cost(self, stage: str) -> float:
        """Return the seconds that all of a stage usually takes, 0 for one that nobody knows."""
        frames = self._frames or 0.0
        known_as = {"world": "network", BAKE: "network", "views": "fit"}.get(stage, stage)
        amount = self._amounts.get(known_as, frames if stage == "people" else 0.0)
        if not amount or stage not in _COSTS:
            return 0.0
        fixed, each = _COSTS[stage]
        usual = fixed + each * amount + (_DECODING * frames if stage == "hands" else 0.0)
        if stage == "fit" and not self._fits_alone():
            usual *= _SIDE_BY_SIDE
        return usual * self._pace.get(stage, 1.0)

    def _fits_alone(self) -> bool:
        return self._amounts.get("fit", 0.0) <= _ONE_PIECE
