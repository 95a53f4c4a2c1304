"""What reads files: for each reader some whole files to begin with, and how it is called."""

import io
import json
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Target:
    """A reader.

    Parameters
    ----------
    suffix : str
        Of its files.
    samples : callable
        Returns whole files.
    read : callable
        Reads a file; it may raise a `MocapError` and nothing else.
    """

    suffix: str
    samples: Callable[[], list[bytes]]
    read: Callable[[Path], object]


def _npz(**arrays: object) -> bytes:
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)  # type: ignore[arg-type]
    return stream.getvalue()


def _takes() -> list[bytes]:
    random = np.random.default_rng(0)
    poses, trans = random.normal(0, 0.2, (20, 72)), random.normal(0, 0.1, (20, 3))
    times = np.arange(20) / 30
    ours = _npz(
        poses=poses,
        trans=trans,
        betas=np.zeros(10),
        gender="neutral",
        mocap_framerate=30.0,
        times=times,
        confidence=np.ones((20, 24)),
        frame_valid=np.ones(20, bool),
        source=json.dumps({"video": "a.mp4"}),
    )
    amass = _npz(
        poses=random.normal(0, 0.2, (20, 156)),
        trans=trans,
        betas=np.zeros(16),
        gender=np.array(b"male"),
        mocap_framerate=120.0,
        dmpls=np.zeros((20, 8)),
    )
    return [ours, amass]


def _read_take(path: Path) -> object:
    from core_model.take import Take

    return Take.load(path)


def _summaries() -> list[bytes]:
    person = {"file": "person_01.npz", "start": 0.0, "end": 1.0, "frames": 31, "seen": 31}
    content = {
        "format": "int-mocap-capture-1",
        "version": "0.1.0",
        "video": "/clips/a.mp4",
        "sound_start": 0.02,
        "warnings": ["The camera turns."],
        "people": [person | {"confidence": 0.8}],
        "stages": {"people": 1.5},
    }
    return [json.dumps(content, indent=2).encode()]


def _read_summary(path: Path) -> object:
    from core_model.take.folder import read_summary

    path.rename(path.with_name("capture.json"))
    return read_summary(path.parent)


def _lists() -> list[bytes]:
    rows = [{"clip": "a.mp4", "people": 2, "in": 0.5, "hands": False, "smooth": "heavy"}]
    return [json.dumps(rows).encode()]


def _tables() -> list[bytes]:
    return [b"clip,people,in,out,height,smooth\na.mp4,2,0.5,12,1.74,default\na.mp4,,,,,heavy\n"]


def _read_list(path: Path) -> object:
    from bake.batch.jobs import jobs_of

    (path.parent / "a.mp4").touch()
    return jobs_of([], [path], {}, {}, ("blend",))


def _bodies() -> list[bytes]:
    count = 60
    random = np.random.default_rng(0)
    parts = {
        "v_template": random.normal(0, 0.3, (count, 3)),
        "shapedirs": random.normal(0, 0.01, (count, 3, 10)),
        "posedirs": random.normal(0, 0.01, (count, 3, 207)),
        "J_regressor": np.full((24, count), 1 / count),
        "weights": np.full((count, 24), 1 / 24),
        "f": random.integers(0, count, (100, 3)).astype(np.uint32),
        "kintree_table": np.array([[2**32 - 1, *range(23)], range(24)], np.uint32),
    }
    return [_npz(**parts), pickle.dumps(parts, 2), pickle.dumps(parts, 4)]


def _read_body(path: Path) -> object:
    from core_model.body.smpl_files import read_smpl_arrays

    return read_smpl_arrays(path)


def _weights() -> list[bytes]:
    import torch
    from safetensors.torch import save

    from core_model.network.checkpoints import DEFAULT_WEIGHTS_PATH

    tensors = {"encoder.a": torch.zeros(4, 4), "head.b": torch.ones(3)}
    stream, old = io.BytesIO(), io.BytesIO()
    torch.save({"state_dict": tensors, "epoch": 3}, stream)
    torch.save({"state_dict": tensors}, old, _use_new_zipfile_serialization=False)
    header = DEFAULT_WEIGHTS_PATH.read_bytes()[:40_000]
    return [save(tensors, {"format": "pt"}), header, stream.getvalue(), old.getvalue()]


def _read_weights(path: Path) -> object:
    from core_model.network.file_check import check_file

    return check_file(path)


def _clips() -> list[bytes]:
    from tests.places import DEMO

    return [DEMO.read_bytes()]


def _read_clip(path: Path) -> object:
    from core_model.video.clip import open_video

    count = 0
    for _ in open_video(path):
        count += 1
        if count == 6:
            break
    return count


def _journals() -> list[bytes]:
    import tempfile

    from bake.batch.jobs import ClipJob
    from bake.batch.journal import DONE, NAME, Journal

    with tempfile.TemporaryDirectory() as folder:
        clip = Path(folder) / "a.mp4"
        clip.write_bytes(b"a")
        journal, job = Journal(Path(folder)), ClipJob(clip, "a", {}, {})
        key = journal.key_of(job)
        journal.admit(key, job)
        journal.end(key, DONE, {"files": ["a.blend"], "people": []})
        journal.close()
        return [(Path(folder) / NAME).read_bytes()]


def _read_journal(path: Path) -> object:
    from bake.batch.journal import NAME, Journal
    from bake.batch.report import write_report

    path.rename(path.with_name(NAME))
    journal = Journal(path.parent)
    try:
        return write_report(path.parent, journal.entries())
    finally:
        journal.close()


def _results(*systems: str) -> Callable[[], list[bytes]]:
    def samples() -> list[bytes]:
        import tempfile

        from tests.core_model.results.samples import SYSTEMS

        found = []
        for system in systems:
            with tempfile.TemporaryDirectory() as folder:
                found.append(SYSTEMS[system](Path(folder)).path.read_bytes())
        return found

    return samples


def _read_results(path: Path) -> object:
    from core_model.results.reading import ReadOptions, read_all

    return read_all([path], ReadOptions(frame_rate=30.0))


TARGETS = {
    "take": Target(".npz", _takes, _read_take),
    "summary": Target(".json", _summaries, _read_summary),
    "list": Target(".json", _lists, _read_list),
    "table": Target(".csv", _tables, _read_list),
    "results .pkl": Target(".pkl", _results("wham", "vibe", "phalp"), _read_results),
    "results .pt": Target(".pt", _results("gvhmr"), _read_results),
    "results .npz": Target(".npz", _results("slahmr", "mmhuman3d"), _read_results),
    "body": Target(".pkl", _bodies, _read_body),
    "weights": Target(".pt", _weights, _read_weights),
    "journal": Target(".sqlite", _journals, _read_journal),
    "clip": Target(".mp4", _clips, _read_clip),
}
