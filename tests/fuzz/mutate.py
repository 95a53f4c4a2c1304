"""Ways in which a file comes to be wrong: bits, lengths, parts of others, inside archives, too."""

import io
import random
import re
import zipfile

_NUMBERS = [
    b"\x00" * 8,
    b"\xff" * 8,
    b"\xff\xff\xff\x7f",
    b"\x00\x00\x00\x80",
    b"\x00\x00\xc0\x7f",  # NaN, float32
    b"\x00\x00\x80\x7f",  # infinity
    b"\x00\x00\x00\x00\x00\x00\xf8\x7f",  # NaN, float64
    b"\x00\x00\x00\x00\x00\x00\xf0\xff",
    b"\x01",
]
_TEXTS = [
    *("-1", "0", "1e309", "NaN", "Infinity", "9" * 40, '"' + "x" * 5000 + '"', "null", "true"),
    *("[]", "{}", "[" * 400, "\\ud800", "'../../etc'", '"C:\\\\x"', "\x00"),
]
_TOKEN = re.compile(rb"-?\d+\.?\d*(?:e[+-]?\d+)?|\"[^\"\n]*\"|'[^'\n]*'")


def mutated(data: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """Return a file that is wrong in one or several ways.

    Parameters
    ----------
    data : bytes
        A whole file.
    others : list of bytes
        Files to take parts from.
    chance : random.Random
        Decides; the same one gives the same file.
    """
    if data[:2] == b"PK" and chance.random() < 0.7:
        return _inside_zip(data, others, chance)
    if chance.random() < 0.5 and b"\0" not in data[:1000]:
        return _tokens(data, chance)
    return _bytes(data, others, chance)


def _bytes(data: bytes, others: list[bytes], chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 1, 1, 2, 4, 16))):
        # What describes a file stands at its beginning or its end.
        reach = chance.choice((64, 512, len(data) or 1))
        place = min(chance.randrange(reach), len(data))
        if chance.random() < 0.3:
            place = len(data) - place
        match chance.randrange(7):
            case 0 if data:
                at = min(place, len(data) - 1)
                data = data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]
            case 1:
                number = chance.choice(_NUMBERS)
                data = data[:place] + number + data[place + len(number) :]
            case 2:
                data = data[:place] + data[place + chance.randrange(1, 200) :]
            case 3:
                data = data[:place] + data[place : place + chance.randrange(1, 200)] + data[place:]
            case 4:
                other = chance.choice(others)
                begin = chance.randrange(len(other) or 1)
                data = data[:place] + other[begin : begin + 300] + data[place:]
            case 5 if chance.random() < 0.5:
                data = data[:place]
            case _:
                data = data[:place] + chance.randbytes(chance.randrange(1, 40)) + data[place:]
    return data


def _tokens(data: bytes, chance: random.Random) -> bytes:
    """Exchange numbers and texts of a text by others."""
    for _ in range(chance.choice((1, 1, 2, 4))):
        found = list(_TOKEN.finditer(data[:20_000]))
        if not found:
            return data + chance.choice(_TEXTS).encode("utf-8", "surrogatepass")
        token = chance.choice(found)
        new = chance.choice(_TEXTS).encode("utf-8", "surrogatepass")
        data = data[: token.start()] + new + data[token.end() :]
    return data


def _inside_zip(data: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """Change a member and pack the archive anew, so that its checksums are right."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, OSError, ValueError):
        return _bytes(data, others, chance)
    names = list(members)
    name = chance.choice(names)
    match chance.randrange(8):
        case 0 if len(names) > 1:
            del members[name]
        case 1:
            members[name] = members[chance.choice(names)]
        case 2:
            members[chance.choice(("../out.npy", "/x.npy", "a" * 300, "\u202e.npy"))] = members[
                name
            ]
        case _:
            change = _tokens if chance.random() < 0.3 else None
            content = members[name]
            members[name] = change(content, chance) if change else _bytes(content, others, chance)
    packed = io.BytesIO()
    way = chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED))
    with zipfile.ZipFile(packed, "w", way) as archive:
        for each, content in members.items():
            archive.writestr(each, content)
    return packed.getvalue()
