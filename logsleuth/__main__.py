"""`python -m logsleuth` does what the command does."""

import sys

from logsleuth.cli import main

if __name__ == "__main__":
    sys.exit(main())
