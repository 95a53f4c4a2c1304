"""How exactly people are looked at; known without what it takes to look."""

MODELS = {"fast": "pose_landmark_full.tflite", "best": "pose_landmark_heavy.tflite"}
"""File of the landmark network by quality; both have the same inputs and outputs."""

BEST = "best"
