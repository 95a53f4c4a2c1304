"""Bytes, by atheris, which sees what a file makes our readers do and goes on from what is new."""

import hashlib
import io
import os
import random
import zipfile
import zlib
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

from tests.fuzz.target import Batch

_OURS = ["core_model", "bake", "train"]


class Guided:
    """Changes whole files; members of a zip archive are changed inside of it."""

    name = "atheris"

    def loading(self) -> AbstractContextManager[Any]:
        """Instrument what is imported meanwhile.

        Raises
        ------
        SystemExit
            Where atheris is not installed.
        """
        try:
            import atheris
        except ImportError:
            raise SystemExit(
                "atheris is not there: it is made for Linux on x86-64. Name other targets."
            ) from None
        found: AbstractContextManager[Any] = atheris.instrument_imports(include=_OURS)
        return found

    def pack(self, sample: bytes) -> bytes:
        """Return a sample as it is."""
        return sample

    def run(
        self, samples: Sequence[bytes], give: Callable[[bytes], Exception | None], batch: Batch
    ) -> None:
        """Give files to a reader; see `Engine`. Ends the process."""
        import atheris

        corpus = batch.home / "corpus"
        corpus.mkdir(exist_ok=True)
        for sample in samples:
            (corpus / hashlib.sha1(sample).hexdigest()).write_bytes(sample)
        longest = max(map(len, samples))

        def change(data: bytes, most: int, start: int) -> bytes:
            members = _members(data)
            if not members:
                return atheris.Mutate(data, most)
            chance = random.Random(start)
            name = chance.choice(list(members))
            members[name] = atheris.Mutate(members[name], len(members[name]) + 200)
            return _archive(members, chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)))

        options = {
            "runs": batch.count,
            "seed": batch.seed + 1,  # of 0, libFuzzer takes the clock's
            "max_len": 2 * longest + 200,
            "timeout": 0,  # the trial has its own limits
            "rss_limit_mb": 0,
            "verbosity": 0,
        }
        given = ["fuzz", *(f"-{name}={value}" for name, value in options.items()), str(corpus)]
        os.chdir(batch.home)
        atheris.Setup(given, lambda data: give(bytes(data)) and None, custom_mutator=change)
        atheris.Fuzz()


def _members(data: bytes) -> dict[str, bytes]:
    """Return what is in an archive; nothing where it is none, or damaged."""
    if data[:2] != b"PK":
        return {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if sum(each.file_size for each in entries) > 2**24:
                return {}
            return {each.filename: archive.read(each) for each in entries}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, zlib.error):
        return {}


def _archive(members: dict[str, bytes], way: int) -> bytes:
    """Return an archive whose checksums are right."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", way) as archive:
        for each, content in members.items():
            archive.writestr(each, content)
    return packed.getvalue()
