"""`logsleuth formats`: listed, shown, checked and tried."""

import json

import pytest
from click.testing import CliRunner

from logsleuth.cli import main
from logsleuth.formats import FORMATS, registry
from tests.formats.test_own import LINE, REGEX


@pytest.fixture(autouse=True)
def nothing_of_this_machine(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    yield
    registry.use(())


def run(*args):
    result = CliRunner().invoke(main, ["formats", *map(str, args)])
    return result.exit_code, result.output


def test_every_format_is_listed_within_eighty_columns():
    code, out = run()
    assert code == 0
    assert all(len(line) <= 80 for line in out.splitlines())
    named = [line.split(" ")[0] for line in out.splitlines() if line[0] != " "]
    assert named == [*(form.name for form in FORMATS), "plain"]
    listed = json.loads(run("--format", "json")[1])
    assert [form["name"] for form in listed] == named
    assert all(form["samples"] and form["about"] for form in listed)


def test_a_format_of_the_users_folder_is_listed_first_and_shown(tmp_path):
    (tmp_path / "config/logsleuth/formats.d").mkdir(parents=True)
    (tmp_path / "config/logsleuth/formats.d/shop.yaml").write_text(LINE)
    assert run()[1].startswith("shop  ")
    code, out = run("show", "shop")
    assert code == 0
    assert "host     gate" in out
    code, out = run("show", "shpo")
    assert (code, "did you mean 'shop'?" in out) == (2, True)


def test_samples_are_checked_and_rivals_named(tmp_path):
    (tmp_path / "till.yaml").write_text(REGEX)
    code, out = run("test", tmp_path / "till.yaml")
    assert code == 0
    assert out.startswith("till: 1 sample, 0 wrong\n  also read by: ")
    assert "stamped-iso-dash" in out
    (tmp_path / "bad.yaml").write_text(LINE.replace("{host}", "{hots}"))
    code, out = run("test", tmp_path / "bad.yaml", tmp_path / "till.yaml")
    assert code == 2
    assert "bad.yaml:5: shop: there is no part {hots}" in out
    assert "till: 1 sample, 0 wrong" in out


def test_a_file_is_tried_and_its_unread_lines_named(tmp_path):
    (tmp_path / "shop.yaml").write_text(LINE)
    (tmp_path / "shop.log").write_text(
        "starting\nshopd(812) gate <04.03.2021 05:06:07.123> E: no \x1b[31mstock\n  trace\n"
    )
    code, out = run("try", "--formats", tmp_path / "shop.yaml", tmp_path / "shop.log")
    assert code == 0
    assert f"{tmp_path}/shop.log: shop, 1 of 3 lines begin an entry" in out
    assert "    message  no \\x1b[31mstock" in out
    assert "  2 without a stamp, which go on the entry above them:\n    1: starting\n    3:   trace" in out
    assert run("try", tmp_path / "none.log")[0] == 3


def test_commands_that_read_logs_take_formats(tmp_path):
    (tmp_path / "shop.yaml").write_text(LINE)
    (tmp_path / "shop.log").write_text("shopd(812) gate <04.03.2021 05:06:07.123> E: no stock\n")
    args = ["timeline", "--tz", "UTC", "--format", "jsonl", str(tmp_path / "shop.log")]
    plain = json.loads(CliRunner().invoke(main, args).stdout)
    assert plain["time"] is None
    got = json.loads(CliRunner().invoke(main, [*args, "--formats", str(tmp_path / "shop.yaml")]).stdout)
    assert (got["time"], got["host"], got["pid"]) == ("2021-03-04T05:06:07.123+00:00", "gate", 812)
    (tmp_path / "shop.yaml").write_text("name: shop\n")
    result = CliRunner().invoke(main, [*args, "--formats", str(tmp_path / "shop.yaml")])
    assert (result.exit_code, "shop.yaml:1: shop: 'samples' is missing" in result.output) == (2, True)
