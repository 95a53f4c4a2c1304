"""Video in, Takes out: people, the INT network, body and camera.

Importing this package loads none of the heavy libraries; the light modules (`take`, `skeleton`,
`rotations`, `body`, `camera`, `errors`, `files`) need numpy only and also run inside Blender.
"""

__version__ = "0.1.0"
