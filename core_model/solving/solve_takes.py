"""A folder of takes and what was corrected go in, a folder of better takes comes out."""

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch

from core_model.body.model import Body, default_body, load_body
from core_model.body.skeleton import with_ancestors
from core_model.corrections.checking import check_people, check_times
from core_model.corrections.file import CORRECTIONS_NAME, load_corrections
from core_model.corrections.records import Contact, Corrections, Exchange, PlacePin
from core_model.errors import CorrectionError
from core_model.geometry.rotations import matrix_to_axis_angle
from core_model.lifting.figure import Figure
from core_model.network.checkpoints import load_int_checkpoint
from core_model.network.devices import choose_device
from core_model.network.inference import prepare_for_inference
from core_model.options import CaptureOptions
from core_model.progress import Progress, silent
from core_model.solving.identities import exchanged
from core_model.solving.lifting import network_lift
from core_model.solving.sides import Lift
from core_model.solving.stretches import solve_stretches
from core_model.take import Take
from core_model.take.folder import SUMMARY_NAME, find_take_files, read_summary
from core_model.take.writing import save_takes, scratch_folder

_ABOUT = ("video", "size", "frame_rate", "sound_start", "notes", "stages")


def solve_takes(
    takes: Path,
    corrections_file: Path,
    output: Path,
    options: CaptureOptions = CaptureOptions(),
    progress: Progress = silent,
) -> list[Take]:
    """Solve the takes of a capture again, with what was corrected; those of before stay.

    Parameters
    ----------
    takes : Path
        The folder of the capture.
    corrections_file : Path
    output : Path
        Another folder; gets the takes, their `capture.json`, and the corrections.
    options : CaptureOptions
        Device, weights and body are used.
    progress : Progress

    Raises
    ------
    CorrectionError
        When the corrections cannot be read, do not fit the takes, or the folders are one; nothing
        is written then.
    TakeError
        When a take cannot be used.
    OutputError
        When the folder cannot be written.
    """
    if output.resolve() == takes.resolve():
        raise CorrectionError(
            "Choose another folder for the result: what was captured is kept, so that a correction "
            "can be taken back."
        )
    corrections = load_corrections(corrections_file)
    files, warnings = find_take_files([takes])
    captured = [Take.load(file) for file in files]
    check_people(corrections, len(captured))
    body = load_body(options.body) if options.body else default_body()
    device = choose_device(options.device)
    people, anew = with_identities(captured, corrections.exchanges, body)
    for number, take in enumerate(people, 1):
        check_times(corrections.of(number), number, take)
    kept = [number for number in range(1, len(people) + 1) if number not in corrections.dropped]
    with scratch_folder(output) as scratch:
        solved = []
        for done, number in enumerate(kept):
            take, own = people[number - 1], corrections.of(number)
            if replace(own, contacts=()) or anew[number - 1].any():
                take = solve_stretches(
                    take,
                    own,
                    body,
                    _lazy_lift(take, body, options, device),
                    device,
                    _told(progress, done, len(kept), sum(map(len, people))),
                    warnings.append,
                    anew[number - 1],
                )
                take.source = take.source | {"corrected": _counts(own), "held": _held(own)}
            if own.contacts:
                take.source = take.source | {"contacts": [_contact(each) for each in own.contacts]}
            solved.append(take)
        shutil.copyfile(corrections_file, scratch / CORRECTIONS_NAME)
        save_takes(output, scratch, solved, _about(takes), warnings, others=[CORRECTIONS_NAME])
    return solved


def with_identities(
    takes: Sequence[Take], exchanges: Sequence[Exchange], body: Body
) -> tuple[list[Take], list[np.ndarray]]:
    """Return takes with people exchanged as was said, and which frames (T,) bool changed."""
    people = list(takes)
    first_change = [np.inf] * len(people)
    for each in exchanges:
        one, other = (number - 1 for number in each.people)
        people[one], people[other] = exchanged(people[one], people[other], each.time, body)
        for index in (one, other):
            first_change[index] = min(first_change[index], each.time)
    changed = [take.times >= time - 1e-4 for take, time in zip(people, first_change, strict=True)]
    return people, changed


def _lazy_lift(take: Take, body: Body, options: CaptureOptions, device: torch.device) -> Lift:
    """Return what lifts; the network is loaded only if anything has to be, and once."""

    @cache
    def loaded() -> Lift:
        assert take.camera
        network = prepare_for_inference(load_int_checkpoint(options.weights).to(device), False)
        return network_lift(network, device, body, take.camera)

    def lift(figure: Figure, times: np.ndarray) -> Figure:
        return loaded()(figure, times)

    return lift


def _told(progress: Progress, done: int, count: int, frames: int) -> Callable[[float], None]:
    def tell(share: float) -> None:
        ahead = {"solve": frames}
        progress("solve", round(1000 * (done + share)), 1000 * count, ahead)

    return tell


def _counts(corrections: Corrections) -> dict[str, int]:
    return {
        "pins": len(corrections.pins),
        "landmarks": len(corrections.landmarks),
        "sides": len(corrections.swaps),
    }


def _held(corrections: Corrections) -> list[dict[str, Any]]:
    """Return what must stay as it is where the take is smoothed later, by its moments."""
    held = []
    for pin in corrections.pins:
        if pin.soft:
            continue
        about: dict[str, Any] = {"time": pin.time, "joint": pin.joint}
        if isinstance(pin, PlacePin):
            about |= {"at": np.asarray(pin.place).tolist(), "place": True}
            if pin.moved is not None:
                about["moved"] = np.asarray(pin.moved).tolist()
            held.append(about | {"joints": with_ancestors(pin.joint)})
            continue
        told = about | {"joints": [pin.joint], "place": False}
        if pin.joint:  # the pelvis is turned in the world, where the bake does not turn it
            told["turn"] = matrix_to_axis_angle(np.asarray(pin.rotation)).tolist()
        held.append(told)
    return held


def _contact(contact: Contact) -> dict[str, Any]:
    """Return what the bake reads of a contact."""
    about = {name: value for name, value in vars(contact).items() if name != "person"}
    surface = contact.surface
    return about | {"surface": None if surface is None else np.asarray(surface).tolist()}


def _about(takes: Path) -> dict[str, Any]:
    """Return what the summary of the capture says of the clip."""
    if read_summary(takes) is None:
        return {}
    content = json.loads((takes / SUMMARY_NAME).read_text(encoding="utf-8-sig"))
    return {name: content[name] for name in _ABOUT if name in content}
