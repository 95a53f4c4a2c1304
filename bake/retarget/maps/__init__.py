"""Which bone is which joint: maps as records and files, presets, and whether one fits a rig."""
