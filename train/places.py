"""Where clips and data lie."""

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
DEFAULT_DATA = REPOSITORY.parent / "shared" / "data"
"""Motion capture and real clips beside the repository; no part of it."""

DEMO_FOLDER = REPOSITORY / "tests" / "end_to_end" / "demo"
RENDERED_FOLDER = REPOSITORY / "train" / "rendering" / "clips"

WITHHELD_FOLDER = REPOSITORY / "train" / "rendering" / "withheld_clips"
"""Clips of the same kind on which nothing was ever chosen or tuned."""

VIEWS_FOLDER = REPOSITORY / "train" / "rendering" / "view_clips"
"""Performances of the same kind, each filmed by several cameras."""

WITHHELD_VIEWS_FOLDER = REPOSITORY / "train" / "rendering" / "withheld_view_clips"
"""More of these, by which hardly anything was chosen."""
