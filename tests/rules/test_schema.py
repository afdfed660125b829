"""The JSON Schema of rule files says what the loader takes, and the shipped files keep to it."""

import importlib
import json
import re
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from logsleuth.cli.rules import command
from logsleuth.rules import load, schema
from logsleuth.rules.starter import starter

# By name: it ships no types.
Draft202012Validator = importlib.import_module("jsonschema").Draft202012Validator
SHIPPED = load.shipped()
VALIDATOR = Draft202012Validator(json.loads(schema.shipped()))


def errors(text):
    return [e.message for e in VALIDATOR.iter_errors(yaml.safe_load(text))]


def test_the_shipped_schema_is_the_one_that_the_key_tables_make():
    assert schema.shipped() == schema.text(), "run python -m logsleuth.rules.schema"


def test_the_schema_is_one():
    Draft202012Validator.check_schema(schema.schema())


def test_every_mapping_that_the_loader_reads_is_in_the_schema():
    """Keys that load.py writes out in place, and those of its tables."""
    text = Path(load.__file__).read_text(encoding="utf-8")
    inline = [tuple(re.findall(r'"(\w+)"', found)) for found in re.findall(r"\.entries\(\((.*?)\)\)", text)]
    tables = [getattr(load, name) for name in re.findall(r"\.entries\((_[A-Z]+|SECTIONS)\)", text)]
    assert {*inline, *tables} == set(schema.KEYS.values())


@pytest.mark.parametrize(("file", "text"), SHIPPED, ids=[name for name, _ in SHIPPED])
def test_shipped_files_keep_to_the_schema(file, text):
    assert not errors(text)


@pytest.mark.parametrize(
    "text",
    [
        "event: {}",
        "events: {a.b: {program: x}}",
        "events: {a.b: {match: x, rol: boot}}",
        "events: {a.b: {match: x, role: begin}}",
        "spans: {s: {open: a.b}}",
        "spans: {s: {open: a.b, close: c.d, for: 3s}}",
        "spans: {s: {open: a.b, for: 3 minutes}}",
        "heartbeats: [{every: 5m}]",
        "rules: [{id: a, cause: b, title: c, narrative: d, bind: {}}]",
        "rules: [{id: a, cause: b, title: c, narrative: d, bind: {x: {event: e, span: s}}}]",
        "rules: [{id: a, cause: b, title: c, narrative: d, bind: {x: {event: e, after: 5m}}}]",
        "samples: [{rule: a, logs: {x: y}, expect: sure}]",
    ],
)
def test_mistakes_are_seen_by_an_editor(text):
    assert errors(text)


def test_the_command_prints_it():
    assert CliRunner().invoke(command, ["schema"]).output == schema.text()


class TestStarter:
    def test_it_keeps_to_the_schema(self):
        assert not errors(starter("queue-stuck"))

    def test_it_passes_its_own_samples_and_every_clause_is_noticed(self, tmp_path):
        file = tmp_path / "queue-stuck.yaml"
        made = CliRunner().invoke(command, ["new", "queue-stuck", "--output", str(file)])
        assert made.exit_code == 0
        ran = CliRunner().invoke(command, ["test", "--mutate", str(file)])
        assert ran.output == "2 passed, 0 failed\n"
        assert ran.exit_code == 0

    def test_it_goes_to_standard_output_by_default(self):
        assert CliRunner().invoke(command, ["new", "queue-stuck"]).output == starter("queue-stuck")

    def test_it_overwrites_nothing(self, tmp_path):
        file = tmp_path / "mine.yaml"
        file.write_text("mine")
        assert CliRunner().invoke(command, ["new", "queue-stuck", "-o", str(file)]).exit_code
        assert file.read_text() == "mine"

    @pytest.mark.parametrize("name", ["", "Queue", "queue_stuck", "-queue", "queue-", "1queue"])
    def test_a_name_that_is_no_id_is_refused(self, name):
        assert CliRunner().invoke(command, ["new", "--", name]).exit_code
