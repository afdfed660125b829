"""Other languages: PO files, the skeletons that translators get, and what the shipped catalogues hold."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from logsleuth import narrative
from logsleuth.cli import main
from logsleuth.errors import LogsleuthError
from logsleuth.narrative import po
from logsleuth.narrative.catalogue import catalogue, languages
from logsleuth.narrative.desk import wrong
from logsleuth.narrative.po import Entry
from logsleuth.narrative.skeleton import placeholders, renewed, skeleton
from logsleuth.narrative.translation import Translation, _bare, files, sources
from logsleuth.rules import load

FOLDER = Path(narrative.__file__).parent
OTHERS = [name for name in languages() if name != "en"]

ENTRIES = [
    Entry("a title", 'He said "{x.y}"', "「{x.y}」と言った", notes=("a hint",)),
    Entry("a remedy", "Back\\slash\nand\ttab", "", fuzzy=True, before="Backslash"),
]


def test_a_file_is_read_as_it_was_written():
    assert po.parse(po.write(ENTRIES, "ja"), "x.po") == ENTRIES


def test_other_tools_break_long_texts_and_keep_what_is_gone():
    text = (
        'msgid ""\nmsgstr "Language: ja\\n"\n\n#: a.yaml:3\n#. said\nmsgctxt ""\n"a title"\nmsgid ""\n"one "\n"two"\n'
    )
    text += 'msgstr "一二"\n\n#~ msgid "gone"\n#~ msgstr "無"\n'
    assert po.parse(text, "x.po") == [Entry("a title", "one two", "一二")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('msgid "a"\nmsgstr "b', "x.po:2: the text is not closed"),
        ('msgid "a"\nmsgstr "b" c', "x.po:2: the text is not closed"),
        ('msgid "a"', "x.po:1: msgstr is missing"),
        ('msgid "a"\nmsgstr "b"\nmsgid "c"\nmsgstr "d"', "x.po:3: a second msgid"),
        ("\nword", 'x.po:2: expected msgctxt, msgid, msgstr or a "text"'),
    ],
)
def test_a_damaged_file_is_refused_with_the_place(text, said):
    with pytest.raises(LogsleuthError, match=re.escape(said)):
        po.parse(text, "x.po")


def test_what_is_translated_is_kept_wherever_it_moves():
    old = [Entry("a title", "The disk {d.x} failed", "ディスク {d.x} が壊れた"), Entry("a remedy", "Gone", "無")]
    made = renewed(
        {
            "new.po": [Entry("b title", "The disk {d.x} failed")],
            "a.po": [Entry("a title", "The disk {d.x} has failed"), Entry("a remedy", "Copy all of it first")],
        },
        old,
    )
    assert made["new.po"] == [Entry("b title", "The disk {d.x} failed", "ディスク {d.x} が壊れた")]
    assert made["a.po"] == [
        Entry("a title", "The disk {d.x} has failed", "ディスク {d.x} が壊れた", True, "The disk {d.x} failed"),
        Entry("a remedy", "Copy all of it first"),
    ]


def test_sentences_of_code_are_found_by_their_parts():
    pattern = re.compile(r"year (?P<y>.+?) by (?P<why>.+?)"), "{why}により{y}年"
    words = Translation({"the user": "利用者"}, {}, {"assumption": [pattern]})
    assert words.spelled("year 2008 by the user") == "利用者により2008年"
    assert words.spelled("year 2008") == "year 2008"
    assert words.sentence("year 2008 by the user") == "year 2008 by the user", "a rule's own sentence is no such one"


def test_one_english_sentence_may_be_two_in_another_language():
    words = Translation({"It belongs to {e.user}.": "所有者は {e.user}。"})
    words.by_rule["mailbox-corrupt", "It belongs to {e.user}."] = "{e.user} のメールボックスである。"
    assert words.sentence("It belongs to {e.user}.", "mailbox-corrupt") == "{e.user} のメールボックスである。"
    assert words.sentence("It belongs to {e.user}.", "job-failed") == "所有者は {e.user}。"


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("{x.a} がアドレスを確保できなかった", "アドレスを確保できなかった"),
        ("ホスト {x.a} が停止した", "ホストが停止した"),
        ("メモリー不足のため {x.a} が終了した", "メモリー不足のため終了した"),
        ("{x.a} の {x.b} が「{x.c}」を拒否した: {x.d}", "拒否した"),
        ("{x.a} で、多くの名前が見つからなかった", "多くの名前が見つからなかった"),
        ("inode が枯渇した ({x.a})", "inode が枯渇した"),
        ("サービス「{x.a}」を起動できなかった", "サービスを起動できなかった"),
        ("停電が起きたが、{x.a} は UPS で持ちこたえた", "停電が起きたが、UPS で持ちこたえた"),
    ],
)
def test_particles_fall_with_what_has_no_value(said, left):
    assert _bare(said, catalogue("ja").falls) == left


def test_a_title_keeps_the_values_that_it_has():
    said = "{x.a} の {x.b} が「{x.c}」を拒否した: {x.d}"
    assert _bare(said, catalogue("ja").falls, ["{x.c}", "{x.d}"]) == "{x.a} の {x.b} が拒否した"


def test_skeletons_are_written_and_renewed(tmp_path):
    def run():
        return CliRunner().invoke(main, ["rules", "translate", "xx", "--write", str(tmp_path)], catch_exceptions=False)

    assert run().exit_code == 0
    assert (tmp_path / "xx.toml").read_bytes() == (FOLDER / "en.toml").read_bytes()
    path = tmp_path / "xx" / "boots.po"
    text = path.read_text(encoding="utf-8")
    assert 'msgctxt "host-unclean-restart title"\nmsgid "Host {down.host} went down' in text
    path.write_text(
        text.replace('shutting down"\nmsgstr ""', 'shutting down"\nmsgstr "{down.hots}!"', 1), encoding="utf-8"
    )
    (tmp_path / "xx" / "gone.po").write_text('msgid ""\nmsgstr ""\n', encoding="utf-8")
    out = run().output
    assert '"{down.hots}!"' in path.read_text(encoding="utf-8")
    assert "host-unclean-restart title: other placeholders than in English" in out
    assert not (tmp_path / "xx" / "gone.po").exists()
    assert "\n1 of " in out


@pytest.mark.parametrize("code", ["en", "../x", "Japanese"])
def test_only_codes_name_a_language_to_translate_into(code):
    done = CliRunner().invoke(main, ["rules", "translate", code])
    assert done.exit_code == 2
    assert "is no language to translate into" in done.output


@pytest.mark.parametrize("language", OTHERS)
def test_fixed_phrases_are_complete(language):
    english, own = (_phrases(name) for name in ("en", language))
    lacking = {k for k in english if k not in own and not k.endswith((".one", ".zero"))}
    assert not lacking
    for key, phrase in own.items():
        base = english.get(key) or english[f"{key.rpartition('.')[0]}.other"]
        assert set(placeholders(phrase)) <= set(placeholders(base)) | {
            "{date}",
            "{time}",
            "{year}",
            "{month}",
            "{day}",
        }, key


@pytest.mark.parametrize("language", OTHERS)
def test_sentences_of_rules_can_be_said(language):
    """What is translated keeps its placeholders, and was looked at after the English sentence changed."""
    assert files(language)
    for name, text in files(language):
        assert not list(wrong(po.parse(text, name))), name


@pytest.mark.parametrize("language", OTHERS)
def test_the_same_english_is_said_alike_in_one_rule(language):
    """A sentence is looked up by its rule and its English: of two translations there one would never be said."""
    said: dict[tuple[str, str], set[str]] = {}
    for name, text in files(language):
        if name != "program.po":
            for entry in po.parse(text, name):
                said.setdefault((entry.context.partition(" ")[0], entry.source), set()).update({entry.said} - {""})
    assert not {key: ways for key, ways in said.items() if len(ways) > 1}


@pytest.mark.parametrize("language", OTHERS)
def test_a_shipped_language_is_complete(language):
    """But for a few: who adds a rule need not know every language, and what is lacking is said in English."""
    old = [entry for name, text in files(language) for entry in po.parse(text, name)]
    made = renewed(skeleton(load.load(load.shipped(), samples=False)), old)
    every = [entry for entries in made.values() for entry in entries]
    lacking = [f"{e.context}: {e.source}" for e in every if not e.said or e.fuzzy]
    assert len(lacking) <= len(every) * 0.1, f"logsleuth rules translate {language}: {lacking}"


def test_sentences_of_code_stand_in_the_code():
    """`en/program.toml` says the same as the code does: else a translation of it would never be found."""
    spelled = "\n".join(_literals())
    for context, texts in sources().items():
        for text in texts:
            for part in re.split(r"\{\w+\}|[;:,()]", text):
                assert part.strip() in spelled, f"{context}: {text}: {part!r}"


def _literals():
    """All strings of the program, with {} for what is put in."""
    for path in sorted(FOLDER.parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                yield "".join(str(v.value) if isinstance(v, ast.Constant) else "{}" for v in node.values)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def _phrases(language):
    def flat(table, prefix=""):
        for key, value in table.items():
            if isinstance(value, dict):
                yield from flat(value, f"{prefix}{key}.")
            else:
                yield f"{prefix}{key}", value

    return dict(flat(tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))["phrases"]))
