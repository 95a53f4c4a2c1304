"""Where tests find what they use."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
"""Data beside the repository; it is no part of it. Tests get it from the fixture `shared`."""

DEMO = ROOT / "tests" / "end_to_end" / "demo" / "demo.mp4"
DEMO_TRUTH = DEMO.with_name("demo_truth.npz")
RENDERED = ROOT / "train" / "rendering" / "clips"
WITHHELD = ROOT / "train" / "rendering" / "withheld_clips"
BASELINES = ROOT / "train" / "evaluate" / "baselines"
