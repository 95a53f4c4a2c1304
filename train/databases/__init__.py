"""Motion and pictures to learn from, as they lie on disk."""
