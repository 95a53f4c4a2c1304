"""What the project never does, whatever a file holds: run it, start a shell, open a port."""

import ast
import io
import json
import os
import subprocess
import sys
import tarfile
import time
from contextlib import suppress
from pathlib import Path

import pytest

from core_model.errors import MocapError
from tests.places import DEMO, ROOT
from train.databases.motion_library import unpacked

_ROOMS = ("core_model", "bake", "int_mocap_addon", "train", "addon_build")
_RUNS_TEXT = {"eval", "exec", "compile", "__import__"}
_NEVER = {
    *("os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"),
    *("pickle.load", "pickle.loads", "pickle.Unpickler", "marshal.loads", "shelve.open"),
    *("joblib.load", "dill.load", "yaml.load", "yaml.unsafe_load", "runpy.run_path"),
    "shutil.unpack_archive",
    *("socket.socket", "socket.create_server", "HTTPServer", "socketserver.TCPServer"),
}


def _calls():
    """Yield the file and line, the dotted name and the keywords of every call in the project."""
    files = [path for room in _ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    for path in (*files, ROOT / "build_addon.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                keywords = {each.arg: each.value for each in node.keywords}
                yield f"{path.relative_to(ROOT)}:{node.lineno}", ast.unparse(node.func), keywords


CALLS = list(_calls())


def test_no_text_is_run_and_no_pickle_is_trusted():
    assert len(CALLS) > 5000
    wrong = [(where, name) for where, name, _ in CALLS if name in _RUNS_TEXT | _NEVER]
    assert not wrong


def test_no_command_goes_through_a_shell():
    assert not [where for where, _, keywords in CALLS if "shell" in keywords]


def test_arrays_and_weights_are_read_without_objects():
    for where, name, keywords in CALLS:
        if "allow_pickle" in keywords:  # numpy's own default is False
            assert ast.unparse(keywords["allow_pickle"]) == "False", where
        if name == "torch.load":
            assert ast.unparse(keywords["weights_only"]) == "True", where
    assert sum(name == "torch.load" for _, name, _ in CALLS) >= 1


def test_members_of_an_archive_cannot_leave_its_folder(tmp_path):
    for where, name, keywords in CALLS:
        if name.endswith((".extractall", ".extract")):
            assert ast.unparse(keywords["filter"]) == "'data'", where
    for member in ("../outside.amc", "/outside.amc", "a/../../outside.amc"):
        archive = tmp_path / "motion.tar"
        with tarfile.open(archive, "w") as made:
            content = tarfile.TarInfo(member)
            content.size = 2
            made.addfile(content, io.BytesIO(b"1\n"))
        cache = tmp_path / "cache" / member.replace("/", "_")
        with suppress(MocapError):  # what begins with / is taken for a name inside
            unpacked(archive, cache)
    places = [each.relative_to(tmp_path / "cache") for each in tmp_path.rglob("outside.amc")]
    assert all(len(each.parts) > 2 for each in places)
    assert not Path("/outside.amc").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_the_worker_opens_no_port(tmp_path):
    job = tmp_path / "job.json"
    about = {"video": str(DEMO), "folder": str(tmp_path / "out"), "options": {"end": 0.3}}
    job.write_text(json.dumps({"kind": "capture"} | about))
    worker = subprocess.Popen(
        [sys.executable, "-m", "core_model.worker", job],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        text=True,
    )
    assert worker.stdout and worker.stdin
    looks = 0
    for line in worker.stdout:
        if '"stage"' in line:
            looks += 1
            assert not _sockets(worker.pid)
        if '"stage": "network"' in line:
            break
    worker.stdin.close()
    worker.stdout.close()
    worker.wait()
    assert looks


def _sockets(process):
    found = []
    for descriptor in Path(f"/proc/{process}/fd").iterdir():
        try:
            found.append(os.readlink(descriptor))
        except OSError:
            time.sleep(0)  # closed in between
    return [each for each in found if each.startswith("socket:")]
