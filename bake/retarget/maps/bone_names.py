"""Names of bones as different programs write them."""

import re
from collections.abc import Iterable
from functools import lru_cache

_NAMESPACE = re.compile(r"^.*[:|]")
_SEPARATORS = re.compile(r"[\s_.:|\-]+")
_NUMBERED = re.compile(r"^(.+)_(\d+)$")


def bare(name: str) -> str:
    """Return a name without its namespaces: what stands after the last colon."""
    return _NAMESPACE.sub("", name) or name


@lru_cache(maxsize=16384)
def key(name: str) -> str:
    """Return what two spellings of a name have in common.

    Exporters and engines replace spaces, points and colons, and change capitals.
    """
    return _SEPARATORS.sub("", bare(name)).casefold()


def without_running_numbers(names: Iterable[str]) -> dict[str, str]:
    """Return each name without the number that some exporters append to every one.

    Parameters
    ----------
    names : iterable of str
        Of all bones of a rig. They are left as they are unless nearly all end with a number of
        their own.
    """
    names = tuple(names)
    found = {name: match for name in names if (match := _NUMBERED.match(name))}
    numbers = {int(match[2]) for match in found.values()}
    few = max(2, len(names) // 10)
    if len(names) - len(found) > few or len(found) - len(numbers) > few:
        return {name: name for name in names}
    return {name: found[name][1] if name in found else name for name in names}


class Names:
    """The names of a rig, found by any spelling of them.

    Parameters
    ----------
    names : iterable of str
        Of all its bones.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._exact: dict[str, str] = {}
        self._folded: dict[str, list[str]] = {}
        self._keys: dict[str, list[str]] = {}
        for name, plain in without_running_numbers(names).items():
            self._exact[name] = name
            self._folded.setdefault(bare(plain).casefold(), []).append(name)
            self._keys.setdefault(key(plain), []).append(name)

    @property
    def keys(self) -> Iterable[str]:
        """The `key` of every name."""
        return self._keys

    def find(self, wanted: str, prefix: str = "") -> str:
        """Return the bone that is meant by a name, "" for none or several.

        Parameters
        ----------
        wanted : str
            As a preset has it.
        prefix : str
            The `key` of what stands before the names of this rig.
        """
        if wanted in self._exact:
            return wanted
        for table, spelling in (
            (self._folded, bare(wanted).casefold()),
            (self._keys, prefix + key(wanted)),
        ):
            if len(table.get(spelling, ())) == 1:
                return table[spelling][0]
        return ""
