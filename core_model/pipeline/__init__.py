"""The pipeline: what happens to a clip, stage by stage."""
