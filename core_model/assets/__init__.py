"""Files that capture needs, each with its licence and provenance beside it."""

from pathlib import Path

ASSETS = Path(__file__).parent
"""The folder of body, weights and pose models."""
