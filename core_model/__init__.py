"""Video in, Takes out: people, the INT network, body and camera.

Importing this package loads none of the heavy libraries; the light modules (`take`, `skeleton`,
`rotations`, `body`, `camera`, `errors`, `files`) need numpy only and also run inside Blender.
"""

import os

__version__ = "0.1.0"

MOST_PIXELS = 2**27
"""Of a picture: half as many again as any film camera takes. A damaged one may claim any number."""

# OpenCV asks once, as it is loaded, which is always later than this.
os.environ.setdefault("OPENCV_IO_MAX_IMAGE_PIXELS", str(MOST_PIXELS))
