"""From a track to a figure: rotations, shape and place before the camera, by INT."""
