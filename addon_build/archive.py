"""Zip files that come out the same, byte for byte, whenever and wherever they are written."""

import os
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

FIRST_ZIP_TIME = 315532800
"""1 January 1980, the first moment that a zip can hold; seconds since 1970."""

_ALREADY_COMPRESSED = {".whl", ".zip", ".png", ".jpg", ".mp4"}
_UNIX = 3
_PLAIN_FILE = 0o100644


def source_date() -> int:
    """Return the time that files get, seconds since 1970: `SOURCE_DATE_EPOCH` or the year 1980."""
    return max(int(os.environ.get("SOURCE_DATE_EPOCH", FIRST_ZIP_TIME)), FIRST_ZIP_TIME)


def write_zip(path: Path, contents: Mapping[str, Path | bytes]) -> None:
    """Write a zip of files and texts by their names inside it, sorted, all with the same time."""
    moment = datetime.fromtimestamp(source_date(), UTC).timetuple()[:6]
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(contents):
            entry = zipfile.ZipInfo(name, moment)
            entry.create_system = _UNIX
            entry.external_attr = _PLAIN_FILE << 16
            packed = Path(name).suffix in _ALREADY_COMPRESSED
            entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            content = contents[name]
            if isinstance(content, bytes):
                archive.writestr(entry, content)
                continue
            entry.file_size = content.stat().st_size
            with content.open("rb") as source, archive.open(entry, "w") as target:
                while block := source.read(1 << 20):
                    target.write(block)
