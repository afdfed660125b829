"""--lang, and what the locale chooses."""

import pytest
from click.testing import CliRunner

from logsleuth.cli import main
from logsleuth.cli.language import of_locale


@pytest.mark.parametrize(
    ("environment", "chosen"),
    [
        ({}, "en"),
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "ja_JP"}, "ja"),
        ({"LANG": "ja_JP.utf8@x"}, "ja"),
        ({"LANG": "ja_JP.eucJP"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "ja_JP.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "ja_JP.UTF-8", "LC_ALL": ""}, "ja"),
        ({"LANG": "ja_JP.UTF-8", "LC_TIME": "de_DE.UTF-8"}, "ja"),
        ({"LANG": "ja_JP.UTF-8", "LANGUAGE": "en"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": "xx:ja:en"}, "ja"),
        ({"LANG": "C", "LANGUAGE": "ja"}, "en"),
        ({"LANG": "../ja"}, "en"),
    ],
)
def test_the_locale_chooses(environment, chosen):
    assert of_locale(environment) == chosen


def test_an_unknown_language_is_one_line_that_names_those_there_are():
    done = CliRunner().invoke(main, ["boots", "--lang", "xx", "/nowhere"])
    assert done.exit_code == 2
    assert done.output == "logsleuth: --lang 'xx': there is no such language; there are en, ja\n"


@pytest.mark.parametrize("code", ["ja", "JA", "ja-JP", "ja_JP.UTF-8"])
def test_codes_are_taken_as_they_are_written(code, tmp_path):
    (tmp_path / "auth.log").write_text("Mar  3 10:00:00 gate sshd[7]: Server listening on 0.0.0.0 port 22.\n")
    done = CliRunner().invoke(main, ["explain", "--lang", code, "--no-cache", "--tz", "UTC", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert done.output.startswith("説明すべきことはない。")


def test_the_locale_is_heard_and_lang_goes_before_it(tmp_path):
    (tmp_path / "auth.log").write_text("Mar  3 10:00:00 gate sshd[7]: Server listening on 0.0.0.0 port 22.\n")
    env = {"LC_ALL": "ja_JP.UTF-8"}
    assert (
        CliRunner()
        .invoke(main, ["boots", "--tz", "UTC", str(tmp_path)], env=env)
        .output.startswith("時刻は UTC で示す。")
    )
    told = CliRunner().invoke(main, ["boots", "--lang", "en", "--tz", "UTC", str(tmp_path)], env=env)
    assert told.output.startswith("Times are UTC.")
