"""docs/formats.md names formats that there are."""

import re
from pathlib import Path

import pytest

from logsleuth.formats import FORMATS, PLAIN, registry
from logsleuth.formats.own import trial
from logsleuth.formats.own.load import load

TEXT = (Path(__file__).parents[2] / "docs/formats.md").read_text(encoding="utf-8")


def test_every_format_named_in_the_table_is_known():
    table = TEXT[TEXT.index("| Whose |") : TEXT.index("### What an entry is")]
    named = {name for name in re.findall(r"`([a-z][\w-]+)`", table) if not name.startswith("-")}
    assert named - {form.name for form in (*FORMATS, PLAIN)} == set()


def test_the_example_is_a_format(tmp_path):
    example = re.search(r"```yaml\n(name: shop.*?)```", TEXT, re.DOTALL)
    assert example
    (tmp_path / "shop.yaml").write_text(example[1], encoding="utf-8")
    assert trial.problems(load([tmp_path / "shop.yaml"])[0]) == []


@pytest.mark.parametrize(
    "line", re.findall(r"^((?:apache|apache-error|nginx|postgresql): .*?)  +#", TEXT, re.MULTILINE)
)
def test_every_notation_shown_is_understood(tmp_path, line):
    stamps = {
        "apache:": r'h 192.0.2.7 - - [04/Mar/2021:05:06:07 +0100] "GET / HTTP/1.1" 200 5 9',
        "apache-error:": "[2021-03-04 05:06:07.123456] [core:error] [pid 812:tid 9] x",
        "nginx:": '192.0.2.7 - - [2021-03-04T05:06:07+01:00] "GET / HTTP/1.1" 200',
        "postgresql:": "2021-03-04 05:06:07.123 CET [812] LOG:  x",
    }
    (tmp_path / "x.yaml").write_text(f"name: x\n{line}\nsamples: ['{stamps[line.split(' ')[0]]}']\n", encoding="utf-8")
    own = load([tmp_path / "x.yaml"])[0]
    registry.use([own.format])
    try:
        assert trial.taken_for(own) == "x"
    finally:
        registry.use(())
