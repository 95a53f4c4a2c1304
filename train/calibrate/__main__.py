"""`python -m train.calibrate`: the coefficients of confidence."""

import sys

from train.calibrate.confidence import main

if __name__ == "__main__":
    sys.exit(main())
