"""Rule files that cannot be read get one clear line."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("command", ["lint", "test"])
@pytest.mark.parametrize(
    ("content", "said"), [(None, "cannot be read: No such file"), (b"\xff\xfe", "is no UTF-8 text")]
)
def test_a_file_that_cannot_be_read(tmp_path, command, content, said):
    path = tmp_path / "mine.yaml"
    if content is not None:
        path.write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-m", "logsleuth", "rules", command, str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
