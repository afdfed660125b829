"""What a scanner keeps between runs is used while it is whole, and never needed."""

import importlib.util
import os

import pytest

from logsleuth.scan import Pattern, Scanner

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("hyperscan") is None, reason="nothing is kept without hyperscan"
)

PATTERNS = [Pattern("carrier lost"), Pattern(r"seen \d+ times"), Pattern(r"(?P<a>\w+) is not (?P=a)")]
DATA = b"carrier lost\nseen 7 times\nup is not up\n"


def hits(scanner):
    return [a.tolist() for a in scanner.scan(DATA)]


@pytest.fixture
def compiled(monkeypatch):
    """How often hyperscan had to compile a whole set."""
    import hyperscan

    calls = []
    real = hyperscan.Database.compile

    class Database(hyperscan.Database):
        def compile(self, *args, **more):
            if more.get("elements", 0) > 1:
                calls.append(more["elements"])
            return real(self, *args, **more)

    monkeypatch.setattr(hyperscan, "Database", Database)
    return calls


def test_a_second_run_compiles_nothing_and_hits_the_same(tmp_path, compiled):
    first = hits(Scanner(PATTERNS, cache=tmp_path / "new" / "folder"))
    assert len(compiled) == 1
    assert hits(Scanner(PATTERNS, cache=tmp_path / "new" / "folder")) == first
    assert len(compiled) == 1
    assert len(first[0]) >= 3


def test_other_patterns_are_other_scanners(tmp_path, compiled):
    Scanner(PATTERNS, cache=tmp_path)
    other = Scanner([Pattern("carrier lost", ignore_case=True), *PATTERNS[1:]], cache=tmp_path)
    assert len(compiled) == 2
    assert len(list(tmp_path.iterdir())) == 2
    assert len(other.scan(b"CARRIER LOST\n")[0]) == 1


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda whole: whole[:20],
        lambda whole: whole[:40],
        lambda whole: whole[: len(whole) // 2],
        lambda whole: whole + b"x",
        lambda whole: whole[:-1] + bytes([whole[-1] ^ 1]),
        lambda whole: bytes([whole[0] ^ 1]) + whole[1:],
        lambda whole: b"\0" * len(whole),
    ],
    ids=["empty", "digest cut", "head cut", "half", "longer", "last bit", "digest bit", "zeros"],
)
def test_a_damaged_file_is_made_anew(tmp_path, compiled, damage):
    expected = hits(Scanner(PATTERNS, cache=tmp_path))
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    assert hits(Scanner(PATTERNS, cache=tmp_path)) == expected
    assert len(compiled) == 2
    assert path.read_bytes() == whole
    Scanner(PATTERNS, cache=tmp_path)
    assert len(compiled) == 2


def test_what_another_hyperscan_compiled_is_made_anew(tmp_path):
    import hashlib

    expected = hits(Scanner(PATTERNS, cache=tmp_path))
    (path,) = tmp_path.iterdir()
    data = path.read_bytes()[32:]
    size = 8 + int.from_bytes(data[:8], "little")
    # A right digest over a database that hyperscan refuses.
    foreign = data[:size] + b"\0" * (len(data) - size)
    path.write_bytes(hashlib.sha256(foreign).digest() + foreign)
    assert hits(Scanner(PATTERNS, cache=tmp_path)) == expected


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    assert len(hits(Scanner(PATTERNS, cache=tmp_path / "file" / "below"))[0]) >= 3


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_no_error(tmp_path):
    tmp_path.chmod(0o500)
    assert len(hits(Scanner(PATTERNS, cache=tmp_path))[0]) >= 3
    assert not list(tmp_path.iterdir())


def test_those_used_last_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr("logsleuth.scan.kept._MOST", 4)
    for i in range(3):
        Scanner([Pattern(f"pattern {i:04}")], cache=tmp_path)
    first = {path: k for k, path in enumerate(sorted(tmp_path.iterdir(), key=lambda path: path.stat().st_mtime_ns))}
    oldest = min(first, key=lambda path: first[path])
    for path, k in first.items():
        os.utime(path, (1_000_000 + k, 1_000_000 + k))
    Scanner([Pattern("pattern 0000")], cache=tmp_path)  # used again: now the youngest of the three
    for i in range(3, 6):
        Scanner([Pattern(f"pattern {i:04}")], cache=tmp_path)
    names = {path.name for path in tmp_path.iterdir()}
    assert len(names) == 4
    assert oldest.name in names
    assert all(name.startswith("scanner-") and "." not in name for name in names)
