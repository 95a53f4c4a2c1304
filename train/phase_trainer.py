"""Train the image INT through the phases of its paper."""

import math
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from tqdm import tqdm

from core_model.errors import MocapError
from core_model.network.devices import choose_device
from core_model.storage.atomic import replaced_when_complete
from train.bodies.posed_points import SpinJoints, open_body
from train.bodies.reference_layout import SMPL, smpl_buffers
from train.distributed import Processes, connect
from train.evaluate.protocol import evaluate
from train.evaluate.video_scores import scores
from train.loop.precision import wants_bfloat16
from train.loop.run_log import RunLog
from train.loop.training_loop import TrainingLoop, stop_wished
from train.phases.config import OptimiserConfig, PhaseConfig
from train.phases.network import checkpoint_blocks, make_network, resize_time_embedding
from train.phases.overlays import overlays
from train.phases.samples import Batch, Mixture, Part, open_sets
from train.phases.step import PhaseStep
from train.settings.records import write_config

_EMBEDDING = "temporal_pos_embedding"
_SHOWN = 4  # overlays


class PhaseTrainer(TrainingLoop):
    """A run of one phase.

    A step takes `accumulate` batches of every process; batches are numbered through the run, and
    the run is where it is by how many were drawn. Checkpoints have the layout of the paper's code,
    and beside it what it takes to go on.

    Parameters
    ----------
    config : PhaseConfig
    resume : bool
        Go on from `checkpoint.pt` in the run's folder, if there is one.
    processes : Processes, optional
        Those that train together; found out by themselves if not given.

    Raises
    ------
    MocapError
        With all that is missing or damaged, before anything is calculated.
    """

    def __init__(
        self, config: PhaseConfig, resume: bool = True, processes: Processes | None = None
    ) -> None:
        self.config, run = config, config.run
        self.processes = processes or connect()
        self.folder = Path(run.folder)
        databases, self.validated = open_sets(config, pictures=self.leads)
        self.mixture = Mixture(databases, config.mixture, config.augmentation, run.seed)
        self.body = open_body(config.body)
        device = choose_device(run.device)
        network, self.report = make_network(config.network, run)
        self.network = network.requires_grad_(True).train().to(device)
        if run.checkpointing:
            checkpoint_blocks(network)
        self.phase = PhaseStep(
            network,
            SpinJoints(*self.body, device),
            config.losses,
            wants_bfloat16(run.bfloat16, device),
            config.augmentation.reference_quirks,
        )
        self.optimizer = make_optimizer(network, config.optimiser)
        self.optimizers = [self.optimizer]
        self.longest_gradient, self.half_messages = config.optimiser.clip, run.half_messages
        self.epoch_batches = run.epoch_batches or self.mixture.epoch_batches
        self.drawn = 0
        self.best = math.inf
        self.seconds = 0.0
        self._shown: Part | None = None
        self._log: RunLog | None = None
        checkpoint = self.folder / "checkpoint.pt"
        if self.leads:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._log = RunLog(self.folder, run.tensorboard)
            if resume and checkpoint.exists():
                state = torch.load(checkpoint, map_location=device, weights_only=True)
                self.restore(state)
                self.report = [f"It goes on from {checkpoint}, after {self.step} steps."]
            self._log.go_on_after(self.step)
            write_config(config, self.folder / "config.yaml")

    @property
    def epoch(self) -> int:
        """How many epochs are complete."""
        return self.drawn // self.epoch_batches

    def work(self) -> None:
        """Train until the last epoch is complete, or a stop is wished.

        What was reached is saved then, and after every epoch.
        """
        run, processes = self.config.run, self.processes
        if self.leads:
            for sentence in self.report:
                print(sentence, flush=True)
        batches = self.mixture.loader(self._numbers(), run.workers)
        bar = tqdm(
            total=run.epochs * self.epoch_batches,
            initial=self.drawn,
            unit="batch",
            desc="training",
            disable=not self.leads,
        )
        with stop_wished(at_once=False) as wish, bar:
            while self.epoch < run.epochs:
                if self.stop_together(wish):
                    self.save()
                    return
                before = self.epoch
                self._one_step(batches)
                bar.update(self.config.optimiser.accumulate * processes.size)
                if self.epoch > before:
                    self._end_epoch()
                elif self.step % run.commit_every == 0:
                    processes.commit(self)

    def _numbers(self) -> Iterator[int]:
        """Give the numbers of this process's batches from where the run is, without end."""
        number = self.drawn + self.processes.rank
        while True:
            yield number
            number += self.processes.size

    def _one_step(self, batches: Iterator[Batch]) -> dict[str, float]:
        count, started = self.config.optimiser.accumulate, time.monotonic()
        rate = self._set_learning_rate()
        report = self.learn((self._losses(next(batches)) for _ in range(count)), count)
        self.step += 1
        self.drawn += count * self.processes.size
        self.seconds += time.monotonic() - started
        if self.step % self.config.run.log_every == 0:
            report = self.processes.average_values(report)
            self._write("train", report | {"rate": rate})
        return report

    def _losses(self, batch: Batch) -> tuple[Tensor, dict[str, float]]:
        self._shown = batch.images or batch.clips
        return self.phase.losses(batch)

    def _set_learning_rate(self) -> float:
        settings = self.config.optimiser
        passed = sum(self.epoch >= milestone for milestone in settings.milestones)
        rate = settings.rate * 0.1**passed
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        return rate

    def _end_epoch(self) -> None:
        performance = math.nan
        self._show_overlays()
        if self.validated is not None:
            found = scores(
                evaluate(
                    self.phase.network,
                    self.validated,
                    self.body,
                    self.config.validation,
                    self.processes,
                )
            )
            performance = found["pa_mpjpe"]
            self._write("validation", found)
        names = ["checkpoint.pt"]
        if performance < self.best:
            self.best = performance
            names.append("model_best.pth.tar")
        if self.epoch % self.config.run.keep_every == 0:
            names.append(f"epoch_{self.epoch}.pth.tar")
        self.save(names, performance)
        self.processes.commit(self)

    def capture(self) -> dict[str, Any]:
        """Return weights, optimiser and the place in the run, under the reference's names."""
        return {
            "epoch": self.epoch,
            "performance": math.nan,
            "history_best_performance": self.best,
            "state_dict": self.network.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
            "drawn": self.drawn,
            "seconds": self.seconds,
            "epoch_batches": self.epoch_batches,
            "sizes": self.phase.network.config.as_dict(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from what `capture` returned.

        Raises
        ------
        MocapError
            When it is another program's, which does not say where the run is.
        """
        if "drawn" not in state:
            raise MocapError(
                f"The checkpoint in {self.folder} is not of a run that this program can go on "
                "with: move it away, and name it as run.start to begin with its weights."
            )
        if _EMBEDDING in state["state_dict"]:
            length = state["state_dict"][_EMBEDDING].shape[1]
            resize_time_embedding(self.phase.network, length)
        parameters = state["state_dict"].items()
        self.network.load_state_dict({n: v for n, v in parameters if not n.startswith(SMPL)})
        self.optimizer.load_state_dict(state["optimizer"])
        self.step, self.drawn, self.seconds = state["step"], state["drawn"], state["seconds"]
        self.epoch_batches, self.best = state["epoch_batches"], state["history_best_performance"]

    def save(
        self, names: Sequence[str] = ("checkpoint.pt",), performance: float = math.nan
    ) -> None:
        """Write the state under some names in the run's folder.

        Parameters
        ----------
        names : sequence of str
        performance : float
            PA-MPJPE of the epoch that ends, mm.
        """
        if not self.leads:
            return
        state = self.capture() | {"performance": performance}
        # The body belongs to the network in the reference, so its file has it too.
        state["state_dict"] |= smpl_buffers(*self.body)
        for name in names:
            with replaced_when_complete(self.folder / name) as temporary:
                torch.save(state, temporary)

    def _write(self, kind: str, report: dict[str, float]) -> None:
        if self._log is not None:
            self._log.write(kind, self.step, self.seconds, report | {"epoch": float(self.epoch)})

    def _show_overlays(self) -> None:
        """Give TensorBoard what is said of a few pictures of the last batch."""
        if self._log is None or not self._log.shows_pictures or self._shown is None:
            return
        chosen = self._shown.pictures[:_SHOWN]
        with torch.no_grad():
            said = self.phase.predict(chosen).keypoints_2d[:, 0].cpu().numpy()
        truth = self._shown.truth.keypoints_2d[:_SHOWN, 0].cpu().numpy()
        self._log.show("overlays", self.step, overlays(chosen[:, 0].numpy(), said, truth))


def make_optimizer(network: torch.nn.Module, config: OptimiserConfig) -> torch.optim.Optimizer:
    """Make Adam or SGD with momentum over all parameters of a network."""
    if config.kind == "adam":
        return torch.optim.Adam(network.parameters(), config.rate, weight_decay=config.weight_decay)
    return torch.optim.SGD(
        network.parameters(),
        config.rate,
        momentum=config.momentum,
        weight_decay=config.weight_decay,
    )
