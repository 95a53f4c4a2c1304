"""Results of other systems as a folder of takes, which everything else opens."""

from collections.abc import Sequence
from pathlib import Path

from core_model.results.reading import ReadOptions, read_all
from core_model.take import Take
from core_model.take.writing import save_takes, scratch_folder


def convert(
    given: Sequence[Path], folder: Path, options: ReadOptions = ReadOptions()
) -> tuple[list[Take], list[str]]:
    """Read everybody in files and folders and write a take for each.

    Parameters
    ----------
    given : sequence of Path
    folder : Path
        Gets `person_01.npz` and so on, and `capture.json`.
    options : ReadOptions

    Returns
    -------
    takes : list of Take
    warnings : list of str
        One sentence each.

    Raises
    ------
    TakeError
        When a file cannot be used; nothing is written then.
    OutputError
        When the folder cannot be written.
    """
    found, warnings = read_all(given, options)
    takes = [take for each in found for take in each.takes]
    save(takes, folder, found[0].source.path, warnings)
    return takes, warnings


def save(takes: Sequence[Take], folder: Path, origin: Path, warnings: Sequence[str]) -> None:
    """Write takes and their summary into a folder.

    Raises
    ------
    OutputError
        When it cannot be written.
    """
    about = {"frame_rate": round(takes[0].frame_rate, 6), "origin": str(origin)}
    with scratch_folder(folder) as scratch:
        save_takes(folder, scratch, takes, about, warnings)
