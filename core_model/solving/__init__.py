"""The motion of a Take explained once more, by what an animator corrected and what was seen."""
