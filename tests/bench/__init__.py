"""How fast the program is, beside other ways to go over the same lines: `python -m tests.bench`."""
