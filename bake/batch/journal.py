"""The journal of a batch: what became of each clip, safe at any moment from whatever ends the run.

An SQLite file in the output folder, in its write-ahead mode: a change is there wholly or not at all
after a power cut. Several runs may share it; each clip is one's at a time.
"""

import hashlib
import json
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bake.batch.jobs import ClipJob
from bake.batch.locks import Presence, is_present
from core_model.errors import MocapError, OutputError

NAME = "journal.sqlite"

WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"

_TABLES = """
CREATE TABLE IF NOT EXISTS clips (
    key TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    clip TEXT NOT NULL,
    state TEXT NOT NULL,
    owner TEXT NOT NULL DEFAULT '',
    attempts INTEGER NOT NULL DEFAULT 0,
    ended REAL NOT NULL DEFAULT 0,
    result TEXT NOT NULL DEFAULT '{}'
);
CREATE TABLE IF NOT EXISTS contents (
    clip TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    hash TEXT NOT NULL
);
"""
_PATIENCE = 60.0  # seconds that another process may keep the journal to itself


@dataclass(frozen=True)
class Entry:
    """What the journal says of a clip.

    Parameters
    ----------
    key : str
        Of the clip's content and its options.
    name : str
        Of what is made.
    clip : Path
    state : str
        `WAITING`, `RUNNING`, `DONE` or `FAILED`.
    attempts : int
    result : mapping
        Of the last attempt; see `bake.batch.one_clip.Outcome`.
    """

    key: str
    name: str
    clip: Path
    state: str
    attempts: int
    result: Mapping[str, Any] = field(default_factory=dict)


class Journal:
    """Opens the journal of an output folder, or begins it.

    Parameters
    ----------
    folder : Path

    Raises
    ------
    OutputError
        When it cannot be written, or is damaged.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._presence = Presence(folder)
        self._path = folder / NAME
        with self._open() as database:
            database.executescript(_TABLES)

    def close(self) -> None:
        """Leave: what this run had begun and not ended is anyone's again."""
        with self._open() as database:
            database.execute(
                "UPDATE clips SET state = ?, owner = '' WHERE owner = ?",
                (WAITING, self._presence.name),
            )
        self._presence.leave()

    def key_of(self, job: ClipJob) -> str:
        """Return the key of a clip and its options; what was read before is not read again.

        Raises
        ------
        MocapError
            When the clip cannot be read.
        """
        try:
            known = job.clip.stat()
            content = self._known_content(job.clip, known.st_size, known.st_mtime_ns)
            if not content:
                content = content_hash(job.clip)
                with self._open() as database:
                    database.execute(
                        "INSERT OR REPLACE INTO contents VALUES (?, ?, ?, ?)",
                        (str(job.clip), known.st_size, known.st_mtime_ns, content),
                    )
        except OSError as error:
            raise MocapError(f"{job.clip} cannot be read: {error.strerror}.") from error
        return hashlib.sha256(f"{content} {job.options_hash()}".encode()).hexdigest()

    def admit(self, key: str, job: ClipJob) -> Entry:
        """Enter a clip, unless it is there; return what is known of it.

        A clip of another content or with other options gets a name of its own where the one that
        it would have is taken.
        """
        with self._open() as database:
            for number in range(1, 1_000_000):
                name = job.name if number == 1 else f"{job.name}_{number}"
                if self._find(database, key):
                    break
                database.execute(
                    "INSERT OR IGNORE INTO clips (key, name, clip, state) VALUES (?, ?, ?, ?)",
                    (key, name, str(job.clip), WAITING),
                )
            entry = self._find(database, key)
        assert entry
        return entry

    def claim(self, key: str) -> bool:
        """Take a clip for this run; False if another has it, or has ended it since it was planned.

        One whose run died is free.
        """
        with self._open() as database:
            row = database.execute(
                "SELECT state, owner FROM clips WHERE key = ?", (key,)
            ).fetchone()
            taken = row[0] == RUNNING and is_present(self._folder, row[1])
            if taken or row[0] in (DONE, FAILED):
                return False
            database.execute(
                "UPDATE clips SET state = ?, owner = ?, attempts = attempts + 1 WHERE key = ?",
                (RUNNING, self._presence.name, key),
            )
        return True

    def end(self, key: str, state: str, result: Mapping[str, Any]) -> None:
        """Note how an attempt ended."""
        with self._open() as database:
            database.execute(
                "UPDATE clips SET state = ?, owner = '', ended = ?, result = ? WHERE key = ?",
                (state, time.time(), json.dumps(result), key),
            )

    def forget(self, key: str) -> None:
        """Let a clip wait again, as if it had never been tried."""
        with self._open() as database:
            database.execute(
                "UPDATE clips SET state = ?, attempts = 0 WHERE key = ? AND state != ?",
                (WAITING, key, RUNNING),
            )

    def entry(self, key: str) -> Entry:
        """Return what is known of a clip that was admitted."""
        with self._open() as database:
            found = self._find(database, key)
        assert found
        return found

    def entries(self) -> list[Entry]:
        """Return all clips, by name."""
        with self._open() as database:
            keys = [row[0] for row in database.execute("SELECT key FROM clips ORDER BY name")]
            found = [self._find(database, key) for key in keys]
        return [each for each in found if each]

    def _known_content(self, clip: Path, size: int, changed: int) -> str:
        with self._open() as database:
            row = database.execute(
                "SELECT hash FROM contents WHERE clip = ? AND size = ? AND changed = ?",
                (str(clip), size, changed),
            ).fetchone()
        return row[0] if row else ""

    @staticmethod
    def _find(database: sqlite3.Connection, key: str) -> Entry | None:
        row = database.execute(
            "SELECT name, clip, state, attempts, result FROM clips WHERE key = ?", (key,)
        ).fetchone()
        if row is None:
            return None
        result = json.loads(row[4])
        if not isinstance(result, dict):
            raise TypeError("an entry is no record")
        return Entry(key, row[0], Path(row[1]), row[2], row[3], result)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Give the file for one change, which is there wholly afterwards or not at all."""
        try:
            database = sqlite3.connect(self._path, timeout=_PATIENCE, isolation_level=None)
            try:
                database.execute("PRAGMA journal_mode = WAL")
                database.execute("PRAGMA synchronous = FULL")
                database.execute("BEGIN IMMEDIATE")
                yield database
                if database.in_transaction:
                    database.execute("COMMIT")
            finally:
                # A question that failed half way lives as long as its error is looked at, and keeps
                # what it asked: ended here, the journal is free for others, this process too.
                if database.in_transaction:
                    with suppress(sqlite3.Error):
                        database.execute("ROLLBACK")
                database.close()
        except (sqlite3.Error, ValueError, TypeError) as error:
            # What is no text or no JSON was damaged, too.
            told = " ".join(str(error).split())
            raise OutputError(f"The journal {self._path} cannot be used: {told}.") from error


def content_hash(clip: Path) -> str:
    """Return the SHA-256 of a file, or of the names and sizes of a folder of pictures."""
    if clip.is_dir():
        told = hashlib.sha256()
        for path in sorted(clip.iterdir()):
            known = path.stat()
            told.update(f"{path.name}\0{known.st_size}\0{known.st_mtime_ns}\n".encode())
        return told.hexdigest()
    with open(clip, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
