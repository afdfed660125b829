"""What a run loads: nothing heavy that it does not need, told by the modules, not by time."""

import subprocess
import sys

import pytest

SMALL = "Nov 30 03:00:00 kestrel cron[7]: (root) CMD (true)\n"
LOADED = """
import sys
sys.argv = ["logsleuth", *sys.argv[1:]]
import logsleuth.cli
try:
    logsleuth.cli.main()
except SystemExit:
    pass
print("LOADED", *sorted({name.partition(".")[0] for name in sys.modules}))
"""


@pytest.mark.parametrize(
    ("args", "absent"),
    [
        (["--help"], {"numpy", "pandas", "pyarrow", "rich", "lz4", "tarfile", "zipfile", "yaml", "regex", "zoneinfo"}),
        (["timeline"], {"pandas", "rich", "lz4", "tarfile"}),
        (["explain", "--no-cache"], {"pandas", "rich", "lz4", "tarfile"}),
    ],
)
def test_nothing_heavy_is_loaded_before_it_is_needed(tmp_path, args, absent):
    log = tmp_path / "syslog"
    log.write_text(SMALL)
    paths = [] if args == ["--help"] else [str(log)]
    command = [sys.executable, "-c", LOADED, *args, *paths]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    loaded = set(done.stdout.rpartition("LOADED ")[2].split())
    assert "click" in loaded
    assert not loaded & absent
