"""Reports written to files: what a person typed, what cannot be written, and saved reports."""

import errno
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from logsleuth.cli import main

FIXTURE = str(Path(__file__).parents[1] / "fixtures" / "incidents" / "debian-unclean")


def run(*args):
    return CliRunner().invoke(main, [str(a) for a in args])


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    file = tmp_path_factory.mktemp("report") / "report.json"
    assert run("explain", FIXTURE, "--tz", "UTC", "--format", "json", "-o", file).exit_code == 0
    return file


def test_digests_are_those_of_the_files(saved):
    import hashlib

    rows = json.loads(saved.read_text())["files"]
    assert rows
    for row in rows:
        assert row["sha256"] == hashlib.sha256(Path(row["file"]).read_bytes()).hexdigest()


@pytest.mark.parametrize("form", ["text", "markdown", "html", "github", "csv", "json"])
def test_a_saved_report_is_shown_in_every_form(saved, form):
    shown = run("show", saved, "--format", form)
    assert shown.exit_code == 0
    assert "kestrel" in shown.output
    if form == "json":
        assert json.loads(shown.output) == json.loads(saved.read_text())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"format_version": 7}', "it is a report of format version '7', and this program reads version 1"),
        ("{}", "it is no report of logsleuth"),
        ("no", "it is no JSON"),
    ],
)
def test_another_report_is_refused(tmp_path, text, said):
    file = tmp_path / "r.json"
    file.write_text(text)
    shown = run("show", file, "-o", tmp_path / "out")
    assert shown.exit_code == 2
    assert said in shown.output
    assert not (tmp_path / "out").exists()


def test_the_report_itself_is_never_overwritten(saved):
    before = saved.read_bytes()
    assert "it is one of the logs" in run("show", saved, "--format", "csv", "-o", saved).output
    assert saved.read_bytes() == before


def test_a_write_up_is_renewed_in_place(saved, tmp_path):
    file = tmp_path / "incident.md"
    assert run("show", saved, "--format", "markdown", "-o", file).exit_code == 0
    file.write_text(file.read_text().replace("> TODO (person): what went well?", "Backups were from Monday."))
    assert run("show", saved, "--format", "markdown", "-o", file, "--tz", "Asia/Tokyo").exit_code == 0
    text = file.read_text()
    assert "Backups were from Monday." in text
    assert "Time (Asia/Tokyo)" in text


def test_a_broken_mark_changes_nothing(saved, tmp_path):
    file = tmp_path / "incident.md"
    run("show", saved, "--format", "markdown", "-o", file)
    broken = file.read_text().replace("<!-- /logsleuth: files", "<!- /logsleuth: files")
    file.write_text(broken)
    again = run("show", saved, "--format", "markdown", "-o", file)
    assert again.exit_code == 2
    assert "the mark is damaged" in again.output
    assert "nothing was changed" in again.output
    assert file.read_text() == broken


@pytest.mark.parametrize("option", ["-o", "--redact-table"])
def test_a_path_that_cannot_be_written_is_said(saved, tmp_path, option):
    shown = run("show", saved, option, tmp_path / "missing" / "file")
    assert shown.exit_code == 2
    assert "cannot write" in shown.output


FORMS = ["text", "markdown", "html", "json", "github", "csv"]
FULL = Path("/dev/full")
full = pytest.mark.skipif(not FULL.exists(), reason="no /dev/full on this system")


@full
@pytest.mark.parametrize("form", FORMS)
def test_a_full_disk_is_said(saved, form):
    shown = run("show", saved, "--format", form, "-o", FULL)
    assert shown.exit_code == 2
    assert "cannot write /dev/full: no space left on device" in shown.output


@full
@pytest.mark.parametrize("form", FORMS)
def test_a_full_disk_behind_the_standard_output_is_said(saved, form):
    with FULL.open("wb") as out:
        command = [sys.executable, "-m", "logsleuth", "show", str(saved), "--format", form]
        done = subprocess.run(command, stdout=out, stderr=subprocess.PIPE, check=False, text=True)
    assert done.returncode == 2
    assert done.stderr.strip().lower() == "logsleuth: cannot write: no space left on device"


@pytest.mark.parametrize("form", FORMS)
def test_what_cannot_be_written_whole_leaves_the_old_file(saved, tmp_path, monkeypatch, form):
    """As when the disk fills half-way: the new text goes to a file of its own first."""
    out = tmp_path / "old"
    out.write_text("" if form == "markdown" else "old")
    before = out.read_bytes()

    def no_room(self, target):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", no_room)
    shown = run("show", saved, "--format", form, "-o", out)
    assert shown.exit_code == 2
    assert "no space left on device" in shown.output
    assert out.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["old"]


def test_a_folder_is_no_file_to_write(saved, tmp_path):
    shown = run("show", saved, "-o", tmp_path)
    assert shown.exit_code == 2
    assert "is a directory" in shown.output


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# My own notes\n", "there is a text without a mark of logsleuth in it"),
        ("<!-- logsleuth: about -->\nx\n", "has no end mark"),
        ("<!-- /logsleuth: about 0123456789ab -->\n", "ends, but did not begin"),
        (
            "<!-- logsleuth: a -->\n<!-- /logsleuth: a -->\n<!-- logsleuth: a -->\n<!-- /logsleuth: a -->\n",
            "a second time",
        ),
        ("\ufffd\n<!-- logsleuth about -->\n", "the mark is damaged"),
    ],
)
def test_a_half_edited_write_up_is_never_overwritten(saved, tmp_path, text, said):
    file = tmp_path / "incident.md"
    file.write_text(text, encoding="utf-8")
    shown = run("show", saved, "--format", "markdown", "-o", file)
    assert shown.exit_code == 2
    assert said in shown.output
    assert "nothing was changed" in shown.output
    assert file.read_text(encoding="utf-8") == text


def test_the_table_of_pseudonyms_is_its_owners_alone(saved, tmp_path):
    table, out = tmp_path / "table", tmp_path / "out.json"
    assert run("show", saved, "--format", "json", "-o", out, "--redact-table", table).exit_code == 0
    assert "kestrel" not in out.read_text()
    assert "host-1\tkestrel\n" in table.read_text()
    if os.name == "posix":
        assert stat.S_IMODE(table.stat().st_mode) == 0o600
    both = run("show", saved, "-o", out, "--redact-table", out)
    assert both.exit_code == 2
    assert "name one file" in both.output


def test_a_renewed_write_up_keeps_its_language(saved, tmp_path):
    file = tmp_path / "incident.md"
    assert run("show", saved, "--lang", "ja", "--format", "markdown", "-o", file).exit_code == 0
    first = file.read_text()
    assert "## この報告書について" in first
    file.write_text(first.replace("> TODO (担当者): うまくいったことは何か", "バックアップは月曜日のものがあった。"))
    assert run("show", saved, "--format", "markdown", "-o", file).exit_code == 0
    assert file.read_text() == first.replace(
        "> TODO (担当者): うまくいったことは何か", "バックアップは月曜日のものがあった。"
    )
    assert run("show", saved, "--lang", "en", "--format", "markdown", "-o", file).exit_code == 0
    assert "バックアップは月曜日のものがあった。" in file.read_text()
    assert "The last sign of life" in file.read_text()


def test_a_report_saved_in_one_language_is_shown_in_another(saved, tmp_path):
    file = tmp_path / "ja.json"
    assert run("show", saved, "--lang", "ja", "--format", "json", "-o", file).exit_code == 0
    assert json.loads(file.read_text())["language"] == "ja"
    assert run("show", file).output == run("show", saved).output
