"""A clip's own word about its lens is taken where nobody gives one, and the user is told."""

from dataclasses import replace
from pathlib import Path

import pytest

from core_model.capture import _notes_of_lenses, prepare
from core_model.options import CaptureOptions
from core_model.pipeline.stages import source_of
from tests.core_model.video.clips import write_greys
from tests.core_model.video.lenses import with_lens


def test_the_lens_is_the_users_then_the_clips_then_assumed(tmp_path: Path) -> None:
    plain = prepare(write_greys(tmp_path / "plain.mp4", 3), CaptureOptions())
    assert plain.camera.focal == 96 and source_of(plain)["focal"] == "assumed"
    phone = with_lens(write_greys(tmp_path / "phone.mov", 3), 26)
    told = prepare(phone, CaptureOptions())
    assert told.camera.focal == pytest.approx(69.33, abs=0.01)
    assert source_of(told)["focal"] == "clip"
    given = prepare(phone, CaptureOptions(focal=80.0))
    assert given.camera.focal == 80.0 and source_of(given)["focal"] == "given"
    shown = replace(plain, focal_told_by="edges", focal_spread=0.023)
    guessed = replace(plain, focal_told_by="edges", focal_spread=0.2)
    assert _notes_of_lenses([plain, told, given, shown, guessed]) == [
        "phone.mov itself tells its lens: a focal length of 69 pixels.",
        "plain.mp4 shows its lens in straight edges: a focal length of 96 pixels, to within 2 %.",
    ]
