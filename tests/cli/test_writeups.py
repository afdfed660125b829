"""Reports written to files: what a person typed, what cannot be written, and saved reports."""

import json
import os
import stat
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
