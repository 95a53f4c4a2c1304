"""What became of a batch: `report.json` for programs, `report.html` with pictures for people."""

import json
from collections.abc import Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bake.batch.journal import DONE, FAILED, Entry
from core_model import __version__
from core_model.storage.atomic import replaced_when_complete

JSON_NAME, HTML_NAME = "report.json", "report.html"

_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 74rem; padding: 0 1rem;
  color: #1d2330; background: #f6f7f9; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.05rem; margin: 0; }
article { background: #fff; border: 1px solid #dde1e8; border-left: 5px solid #3a9d5d;
  padding: .9rem 1rem; margin: 0 0 1rem; border-radius: 4px; }
article.failed { border-left-color: #c8443c; }
article.waiting, article.running { border-left-color: #b9bec8; }
.facts { color: #5b6473; } .error { color: #a3291f; } .warning { color: #7a5a00; }
.strip { display: flex; gap: .5rem; margin-top: .6rem; flex-wrap: wrap; }
figure { margin: 0; width: calc(12.5% - .5rem); min-width: 7rem; position: relative; }
figure img { width: 100%; display: block; }
figure img.over { position: absolute; inset: 0; height: 100%; }
ul { margin: .4rem 0 0; padding-left: 1.2rem; }
@media (prefers-color-scheme: dark) {
  body { color: #e3e6ec; background: #1a1d23; }
  article { background: #23272f; border-color: #353b46; }
  .facts { color: #9aa3b2; } .error { color: #f08a80; } .warning { color: #e0bd62; }
}
"""


def write_report(folder: Path, entries: Sequence[Entry]) -> dict[str, Any]:
    """Write both files into the output folder, each whole or not at all; return what they say.

    Raises
    ------
    OutputError
        When they cannot be written.
    """
    content = {
        "version": __version__,
        "written": datetime.now().astimezone().isoformat(timespec="seconds"),
        "counts": {
            state: sum(each.state == state for each in entries) for state in _states(entries)
        },
        "clips": [_clip(each) for each in entries],
    }
    with replaced_when_complete(folder / JSON_NAME) as temporary:
        temporary.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    with replaced_when_complete(folder / HTML_NAME) as temporary:
        temporary.write_text(_page(content), encoding="utf-8")
    return content


def _states(entries: Sequence[Entry]) -> list[str]:
    return sorted({DONE, FAILED, *(each.state for each in entries)})


def _clip(entry: Entry) -> dict[str, Any]:
    return {
        "name": entry.name,
        "clip": str(entry.clip),
        "state": entry.state,
        "attempts": entry.attempts,
        **entry.result,
    }


def _page(content: dict[str, Any]) -> str:
    counts = ", ".join(f"{count} {state}" for state, count in content["counts"].items() if count)
    clips = "\n".join(map(_article, content["clips"]))
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Batch: {escape(counts)}</title>
<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>
<body><h1>{len(content["clips"])} clips: {escape(counts)}</h1>
<p class="facts">INT Mocap {escape(content["version"])}, {escape(content["written"])}</p>
{clips}
</body></html>
"""


def _article(clip: dict[str, Any]) -> str:
    lines = [f"<h2>{escape(clip['name'])}</h2>", f'<div class="facts">{escape(_facts(clip))}</div>']
    if clip.get("sentence"):
        lines.append(f'<p class="error">{escape(clip["sentence"])}</p>')
    told = [f'<li class="warning">{escape(text)}</li>' for text in clip.get("warnings", [])]
    told += [f"<li>{escape(text)}</li>" for text in map(_person, clip.get("people", []))]
    if told:
        lines.append(f"<ul>{''.join(told)}</ul>")
    strip = [_figure(*pair) for pair in clip.get("pictures", [])]
    if strip:
        lines.append(f'<div class="strip">{"".join(strip)}</div>')
    files = [f'<a href="{_link(name)}">{escape(name)}</a>' for name in clip.get("files", [])]
    if files:
        lines.append(f'<div class="facts">{" · ".join(files)}</div>')
    return f'<article class="{escape(clip["state"])}">{"".join(lines)}</article>'


def _facts(clip: dict[str, Any]) -> str:
    people = clip.get("people", [])
    told = [clip["state"], clip["clip"]]
    if people:
        confidence = sum(each["confidence"] for each in people) / len(people)
        counted = f"{len(people)} {'person' if len(people) == 1 else 'people'}"
        told += [counted, f"{clip['duration']:.1f} s", f"confidence {confidence:.0%}"]
    if clip.get("seconds"):
        told.append(f"took {clip['seconds']:.0f} s")
    if clip["attempts"] > 1:
        told.append(f"{clip['attempts']} attempts")
    return " · ".join(told)


def _person(person: dict[str, Any]) -> str:
    doubtful = "; ".join(
        f"{part} {start:.1f}–{end:.1f} s" for part, start, end in person["doubtful"]
    )
    seen = f"{person['file']}: seen {person['seen']:.0%}, confidence {person['confidence']:.0%}"
    return f"{seen}, doubtful: {doubtful}" if doubtful else seen


def _figure(clip: str, result: str) -> str:
    return (
        f'<figure><img src="{_link(clip)}" alt="clip" loading="lazy"></figure>'
        f'<figure><img src="{_link(clip)}" alt="" loading="lazy">'
        f'<img class="over" src="{_link(result)}" alt="result" loading="lazy"></figure>'
    )


def _link(name: str) -> str:
    return quote(Path(name).as_posix())
