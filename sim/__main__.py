"""`python -m sim` is `sanctionsim`."""

import sys

from sim.cli import main

sys.exit(main())
