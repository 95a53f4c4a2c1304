"""The clips of a batch on the machines of a Ray cluster, where there is one.

Ray starts work where there is room and says when a machine is gone; the journal stays with the
machine that runs the batch, so that each clip ends once whatever happens to the others.
"""

import os
import platform
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bake.batch.jobs import ClipJob
from bake.batch.locks import Presence
from bake.batch.one_clip import DoClip, Outcome, Tools, do_clip
from bake.batch.programs import own_program
from core_model.engine.client import Engine
from core_model.engine.protocol import Step
from core_model.errors import MocapError
from core_model.storage.atomic import replaced_when_complete

CORES_EACH = 2
"""That Ray keeps free for a clip."""

_TICK = 0.5  # seconds


@dataclass(frozen=True)
class Cluster:
    """A cluster that a batch runs on.

    Parameters
    ----------
    do_clip : callable
        Does what `one_clip.do_clip` does, on one of its machines.
    workers : int
        Clips that it has room for.
    """

    do_clip: DoClip
    workers: int


@contextmanager
def ray_cluster(address: str, folder: Path) -> Iterator[Cluster]:
    """Connect to a cluster for as long as the block lasts.

    Parameters
    ----------
    address : str
        "auto" for the one that this machine is part of, or `ray://HOST:PORT`.
    folder : Path
        Of the results. Machines that see it work there; others send back what they made.

    Raises
    ------
    MocapError
        When Ray is not installed or there is no such cluster.
    """
    ray = _ray()
    try:
        ray.init(address=address, log_to_driver=False, logging_level="ERROR")
    except Exception as error:  # it raises nearly anything
        told = " ".join(str(error).split())[:200]
        raise MocapError(f"There is no Ray cluster at {address}: {told}") from error
    sign = Presence(folder)
    try:
        resources = ray.cluster_resources()
        request: dict[str, Any] = {"num_cpus": CORES_EACH, "max_retries": 0}
        workers = int(resources.get("CPU", 0)) // CORES_EACH
        if cards := int(resources.get("GPU", 0)):
            request["num_gpus"], workers = 1, min(workers, cards)
        remote = ray.remote(**request)(_on_a_machine)

        def do(
            job: ClipJob,
            name: str,
            where: Path,
            tools: Tools,
            seconds: float,
            stopped: threading.Event,
            hear: Callable[[Step], None],
        ) -> Outcome:
            working = remote.remote(job, name, where, sign.path, seconds)
            try:
                while not ray.wait([working], timeout=_TICK)[0]:
                    if stopped.is_set():
                        ray.cancel(working, force=True)
                        raise KeyboardInterrupt
                outcome, files = ray.get(working)
            except ray.exceptions.RayTaskError as error:
                return _again("It failed on another machine", "crash", error)
            except ray.exceptions.RayError as error:
                return _again("The machine that worked on it was lost", "died", error)
            _unpack(files, where)
            made: Outcome = outcome
            return made

        yield Cluster(do, max(workers, 1))
    finally:
        sign.leave()
        ray.shutdown()


def _ray() -> Any:
    try:
        import ray
    except ImportError as error:
        raise MocapError(
            "Ray is not installed, without which there is only this machine: pip install ray."
        ) from error
    return ray


def _on_a_machine(
    job: ClipJob, name: str, folder: Path, sign: Path, seconds: float
) -> tuple[Outcome, dict[str, bytes]]:
    """Do a clip on the machine that this runs on; return what is not in the folder of results."""
    if not job.clip.exists():
        sentence = f"The machine {platform.node()} does not see the clip {job.clip}."
        return Outcome(sentence=sentence, kind="clip"), {}
    tools = Tools(Engine(sys.executable, dict(os.environ)), tuple(own_program()))
    never = threading.Event()
    if sign.exists():
        return do_clip(job, name, folder, tools, seconds, never, lambda step: None), {}
    own = Path(tempfile.mkdtemp(prefix="int_mocap-batch-"))
    try:
        outcome = do_clip(job, name, own, tools, seconds, never, lambda step: None)
        paths = [path for path in own.rglob("*") if path.is_file()]
        return outcome, {str(path.relative_to(own)): path.read_bytes() for path in paths}
    finally:
        shutil.rmtree(own, ignore_errors=True)


def _unpack(files: dict[str, bytes], folder: Path) -> None:
    """Write what a machine sent, each file whole or not at all, the takes' summaries last."""
    for name in sorted(files, key=lambda each: each.endswith(".json")):
        with replaced_when_complete(folder / name) as temporary:
            temporary.write_bytes(files[name])


def _again(sentence: str, kind: str, error: Exception) -> Outcome:
    told = " ".join(str(error).split())[:300]
    return Outcome(sentence=f"{sentence}: {told}", kind=kind, may_pass=True)
