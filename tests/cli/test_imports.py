"""What a run loads: nothing heavy that it does not need, told by the modules, not by time."""

import os
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
print("LOADED", *sorted(sys.modules))
"""

NEVER = {
    *("pandas", "rich", "lz4", "zstandard", "tarfile", "zipfile", "concurrent.futures", "logging", "subprocess"),
    *("tomllib", "platformdirs"),
}
"""Nothing that reads a plain file and prints text has a use for these."""
TOLD = NEVER - {"tomllib", "zipfile"}
"""Sentences are read by tomllib, from files that importlib.resources finds."""
DEEP = {
    *("logsleuth.sources.stores.known", "logsleuth.sources.archives.opening", "logsleuth.sources.archives.tar"),
    *("logsleuth.sources.archives.zip", "logsleuth.render.html", "logsleuth.render.markdown"),
    *("logsleuth.render.as_json", "logsleuth.render.github", "logsleuth.render.entries.parquet", "numpy.ma"),
}
REASONS = {"logsleuth.rules", "logsleuth.incidents", "logsleuth.signs", "regex", "yaml", "hyperscan"}
"""For what explains alone."""


@pytest.mark.parametrize(
    ("args", "absent"),
    [
        (["--help"], NEVER | DEEP | REASONS | {"numpy", "pyarrow", "zoneinfo", "logsleuth.formats", "zstandard"}),
        (["timeline"], NEVER | DEEP | REASONS | {"pyarrow.compute", "pyarrow.parquet", "logsleuth.narrative"}),
        (["sources"], TOLD | DEEP | {"pyarrow", "hyperscan"}),
        (["boots"], TOLD | DEEP - {"numpy.ma"} | {"pyarrow"}),
        (["explain", "--no-cache"], TOLD | DEEP - {"numpy.ma"} | {"pyarrow"}),
    ],
    ids=["help", "timeline", "sources", "boots", "explain"],
)
def test_nothing_heavy_is_loaded_before_it_is_needed(tmp_path, args, absent):
    log = tmp_path / "syslog"
    log.write_text(SMALL)
    paths = [] if args == ["--help"] else [str(log)]
    loaded = loaded_by([*args, *paths], tmp_path)
    assert "click" in loaded
    assert sorted(loaded & absent) == []


def test_a_report_that_is_remembered_needs_no_rules(tmp_path):
    log = tmp_path / "syslog"
    log.write_text(SMALL)
    os.utime(log, (1_700_000_000, 1_700_000_000))
    assert loaded_by(["explain", str(log)], tmp_path) >= {"regex", "logsleuth.rules.engine"}
    loaded = loaded_by(["explain", str(log)], tmp_path)
    assert sorted(loaded & (REASONS | {"pyarrow"}) - {"logsleuth.rules"}) == []


def loaded_by(args, home):
    command = [sys.executable, "-c", LOADED, *args]
    env = {**os.environ, "XDG_CACHE_HOME": str(home / "cache")}
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True, env=env)
    return set(done.stdout.rpartition("LOADED ")[2].split())
