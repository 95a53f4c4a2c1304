"""The engine's process that Blender keeps ready for the next solve."""

from pathlib import Path
from typing import Any

from tests.int_mocap_addon.conftest import DEMO


def _job(kind: str, folder: Path) -> dict[str, Any]:
    job: dict[str, Any] = {"kind": kind, "folder": str(folder), "options": {}}
    return job | {"takes": str(folder), "corrections": "none", "video": str(DEMO)}


def _kept(module: Any) -> Any:
    """Return the worker that is kept ready."""
    return module._spare[1]


def test_the_worker_that_is_kept_ready_solves_and_another_job_ends_it(addon, tmp_path):
    from int_mocap_addon import worker_process
    from int_mocap_addon.engine import find_engine

    for kind in ("solve", "stills"):
        worker_process.keep_spare()
        spare = _kept(worker_process)
        worker = worker_process.WorkerProcess(_job(kind, tmp_path), find_engine())
        assert (worker.process is spare.process) == (kind == "solve")
        worker.end()
        assert spare.process.poll() is not None
        assert worker_process._spare is None
    worker_process.keep_spare()
    spare = _kept(worker_process)
    worker_process.drop_spare()
    assert spare.process.poll() is not None
