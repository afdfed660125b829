"""The JSON Schema of rule files, made from the loader's own tables: editors check and complete by it.

`python -m logsleuth.rules.schema` writes knowledge/rules.schema.json again; a test compares the two.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from logsleuth.rules.load import _CLAUSE, _EVENT, _KINDS, _LINK, _RULE, _SAMPLE, _SPAN, _WORDS, SECTIONS
from logsleuth.signs.model import GRAVE, ROLES

Schema = dict[str, Any]
HEARTBEAT = ("event", "every")
EVIDENCE = ("side", "if", "absent", "steps", "say")
FILE = "rules.schema.json"
_SCALAR: Schema = {"type": ["string", "number", "boolean"]}
"""The loader reads every scalar as it is written; YAML itself takes `count: 10` for a number."""
_DURATION: Schema = {"type": "string", "pattern": r"^\s*(\d+(\.\d+)?\s*(ms|s|m|h|d|w)\s*)+$"}
_MOMENT: Schema = {"type": "string", "pattern": r"^\s*\$\w+\.\w+(\s*[+-]\s*[\d.a-z ]+)?\s*$"}
_TRUTH: Schema = {"type": "boolean"}
_NUMBER: Schema = {"type": "integer"}
_TEXTS: Schema = {"anyOf": [_SCALAR, {"type": "array", "items": _SCALAR}, {"type": "null"}]}
_FIELDS: Schema = {"type": "object", "additionalProperties": _SCALAR}
_WHERE: Schema = {
    "type": ["object", "null"],
    "additionalProperties": {"anyOf": [_SCALAR, {"type": "array", "items": _SCALAR}]},
}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _some(name: str) -> Schema:
    """One of a kind, or a list of them."""
    return {"anyOf": [_ref(name), {"type": "array", "items": _ref(name)}, {"type": "null"}]}


def _one_of(*words: str) -> Schema:
    return {"enum": list(words)}


def _named(name: str) -> Schema:
    return {"type": ["object", "null"], "additionalProperties": _ref(name)}


_MEANS: dict[str, dict[str, Schema]] = {
    "file": {
        "about": _SCALAR,
        "events": _named("event"),
        "heartbeats": _some("heartbeat"),
        "spans": _named("span"),
        "rules": _some("rule"),
        "links": _some("link"),
        "samples": _some("sample"),
    },
    "event": {
        "program": _SCALAR,
        "match": _TEXTS,
        "not": _TEXTS,
        "set": _FIELDS,
        "kind": _one_of("syslog", "error", "access", "kernel", "stamped", "plain"),
        "severity": _one_of(*GRAVE),
        "role": _one_of(*ROLES),
        "ordinary": _TRUTH,
        "source": _SCALAR,
    },
    "heartbeat": {"event": _SCALAR, "every": _DURATION},
    "span": {
        "open": _TEXTS,
        "close": _TEXTS,
        "key": _TEXTS,
        "scope": _one_of("boot", "host"),
        "reopen": _one_of("ignore", "restart"),
        "max": _DURATION,
        "for": _DURATION,
        "fade": _DURATION,
    },
    "clause": {
        "event": _TEXTS,
        "span": _TEXTS,
        "fact": _TEXTS,
        "where": _WHERE,
        "after": _MOMENT,
        "before": _MOMENT,
        "open_at": _MOMENT,
        "during": {"type": "string", "pattern": r"^\$?\w+$"},
        "pick": _one_of("each", "first", "last", "nearest", "all"),
        "by": _TEXTS,
        "gap": _DURATION,
        "count": _NUMBER,
        "distinct": _SCALAR,
        "within": _DURATION,
        "host": _one_of("any", "same"),
        "scope": _one_of("boot", "any"),
        "optional": _TRUTH,
        "link": _one_of("cause", "none", "effect"),
        "coverage": _TEXTS,
    },
    "evidence": {
        "side": _one_of("for", "against"),
        "if": _ref("clause"),
        "absent": _TRUTH,
        "steps": _NUMBER,
        "say": _SCALAR,
    },
    "rule": {
        "id": {"type": "string", "pattern": "^[a-z][a-z0-9-]*$"},
        "cause": _SCALAR,
        "kind": _one_of(*_KINDS),
        "bind": {"type": "object", "minProperties": 1, "additionalProperties": _ref("clause")},
        "absent": _some("clause"),
        "evidence": _some("evidence"),
        "base": _one_of(*_WORDS),
        "cap": _one_of(*_WORDS),
        "title": _SCALAR,
        "narrative": _SCALAR,
        "remedy": _SCALAR,
        "settle": _SCALAR,
        "fields": _FIELDS,
        "at": _MOMENT,
        "last": _TRUTH,
        "source": _SCALAR,
    },
    "link": {
        "cause": _TEXTS,
        "effect": _TEXTS,
        "within": _DURATION,
        "before": _DURATION,
        "where": {"anyOf": [_FIELDS, {"type": "array", "items": _FIELDS}]},
        "host": _one_of("any", "same"),
        "because": _SCALAR,
    },
    "sample": {
        "rule": _TEXTS,
        "name": _SCALAR,
        "year": _NUMBER,
        "logs": _FIELDS,
        "expect": _one_of("none", "ruled out", *_WORDS),
        "text": _SCALAR,
        "fields": _FIELDS,
        "explained_by": _SCALAR,
        "not_text": _SCALAR,
        "not_explained_by": _SCALAR,
    },
}
_NEEDED: dict[str, tuple[str, ...]] = {
    "event": ("match",),
    "heartbeat": ("event",),
    "span": ("open",),
    "evidence": ("side", "if", "say"),
    "rule": ("id", "cause", "bind", "title", "narrative"),
    "link": ("cause", "effect", "because"),
    "sample": ("rule", "logs", "expect"),
}
KEYS: dict[str, tuple[str, ...]] = {
    "file": SECTIONS,
    "event": _EVENT,
    "heartbeat": HEARTBEAT,
    "span": _SPAN,
    "clause": _CLAUSE,
    "evidence": EVIDENCE,
    "rule": _RULE,
    "link": _LINK,
    "sample": _SAMPLE,
}
"""What the loader takes, by kind of mapping: a key that has no meaning here is a KeyError, not a silent gap."""


def _mapping(kind: str) -> Schema:
    out: Schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": {key: _MEANS[kind][key] for key in KEYS[kind]},
    }
    if kind in _NEEDED:
        out["required"] = list(_NEEDED[kind])
    if kind == "clause":
        out["oneOf"] = [{"required": [source]} for source in ("event", "span", "fact")]
    if kind == "span":
        out["oneOf"] = [{"required": ["close"]}, {"required": ["for"]}]
    return out


def schema() -> Schema:
    """The schema as JSON values."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "logsleuth rule file",
        "description": "docs/writing-rules.md tells what each key means.",
        **_mapping("file"),
        "type": ["object", "null"],
        "$defs": {kind: _mapping(kind) for kind in KEYS if kind != "file"},
    }


def text() -> str:
    """The schema as it is shipped."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def shipped() -> str:
    """The text of knowledge/rules.schema.json."""
    return (Path(__file__).parents[1] / "knowledge" / FILE).read_text(encoding="utf-8")


if __name__ == "__main__":
    (Path(__file__).parents[1] / "knowledge" / FILE).write_text(text(), encoding="utf-8")
