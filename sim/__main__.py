"""`python -m sim` is `sanctionsim`; both begin here, before anything is imported."""

import signal
import sys

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    # Ctrl-C ends imports without a word: nothing has begun. Then `main` takes it.
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from sim.cli import main

if __name__ == "__main__":
    sys.exit(main())
