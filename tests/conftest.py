"""Every test reads English, whatever the locale of who runs it; those of other languages say so."""

import os

os.environ["LC_ALL"] = "C.UTF-8"
