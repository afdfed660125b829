"""Whether every sentence of a story cites a line that stands in its file, word by word: in JSON, Markdown and HTML.

`python -m tests.render.cited FOLDER...` checks every entry of each folder as a case of its own, and exits with 1 where
one fails.
"""

import json
import re
import sys
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import click

from logsleuth import pipeline, sources
from logsleuth.errors import NothingReadable
from logsleuth.narrative import safe
from logsleuth.render import RENDERERS, Options

_REFERENCE = re.compile(r"`{1,3} ?([^`]+:\d+) ?`{1,3}")
_CLIPPED = re.compile(r"(?s)(.*)… \([\d,]+ characters in all\)")


class Lines:
    """The lines of all sources of a case, as a reader finds them in the unpacked files."""

    def __init__(self, path):
        found, _ = sources.find([str(path)])
        self._sources = {source.name: source for source in found}
        self._texts = {}

    def text(self, file, line):
        """A line without its end; None where there is none."""
        if file not in self._sources:
            return None
        if file not in self._texts:
            data = b"".join(sources.blocks(self._sources[file], []))
            self._texts[file] = data.split(b"\n")
        texts = self._texts[file]
        return texts[line - 1].decode("utf-8", "replace") if 0 < line <= len(texts) else None

    def has(self, file, line, text):
        """The line stands there in these words; of its end, and of a run of NULs before it, nothing is cited."""
        there = self.text(file, line)
        return there is not None and there.strip("\r\0") == text.strip("\r\0")


def wrong(path):
    """What is wrong in the reports on the logs of a path, a line each; and how many sentences were looked at."""
    report = pipeline.explain([str(path)], compare="auto")
    document = json.loads(RENDERERS["json"](report, Options()))
    lines = Lines(path)
    cited = {(x["file"], x["line"]): x["text"] for x in document["lines"]}
    out = [f"json: {f}:{n} has other words" for (f, n), text in cited.items() if not lines.has(f, n, text)]
    told = list(_sentences(document))
    for said in (*told, *(d for one in document["compared"] for d in one["differences"])):
        if not said["evidence"]:
            out.append(f"json: nothing is cited: {said['text']}")
        out += [
            f"json: {x['file']}:{x['line']} is cited, and does not stand there: {said['text']}"
            for x in said["evidence"]
            if not lines.has(x["file"], x["line"], x.get("text", cited.get((x["file"], x["line"]), "")))
        ]
    folder = _folder(report)
    texts = [said["text"].replace(folder, "") for said in told]
    out += _in_markdown(RENDERERS["markdown"](report, Options()), texts, cited)
    out += _in_html(RENDERERS["html"](report, Options()), texts, cited)
    return out, len(told)


def _sentences(document):
    for incident in document["incidents"]:
        yield from incident["narrative"]
        for finding in (*incident["causes"], *incident["effects"]):
            yield from finding["narrative"]


def _folder(report):
    from logsleuth.render.names import names_of

    return safe(names_of(report).folder) or "\0"


def _bare(text):
    """Without marks and spaces: what a sentence and its form in a document have in common."""
    return re.sub(r"[\\`\s]", "", text)


def _resolves(reference, cited):
    return any(safe(f"{file}:{line}").endswith(reference) for file, line in cited)


def _in_markdown(text, sentences, cited):
    rows = [(_bare(row), row) for row in text.splitlines()]
    for sentence in sentences:
        bare = _bare(sentence)
        # The same words can stand in a heading; what counts is what stands in parentheses behind the sentence.
        behind = [row[row.rindex("(") :] for short, row in rows if f"{bare}(" in short]
        references = [r for part in behind for r in _REFERENCE.findall(part)]
        if not references:
            yield f"markdown: nothing is cited: {sentence}"
        yield from (f"markdown: {r} is nowhere: {sentence}" for r in references if not _resolves(r, cited))


class _Page(HTMLParser):
    """Paragraphs of findings with the ids they link to, and the lines of the page by id."""

    def __init__(self):
        super().__init__()
        self.paragraphs, self.lines = [], {}
        self._stack = []
        self._line = None
        self._into = None

    def handle_starttag(self, tag, attributes):
        own = dict(attributes)
        if tag in {"meta", "br", "hr", "input", "col", "link"}:
            return
        self._stack.append(tag)
        if tag in {"p", "h3"}:
            self._into = ["", []]
        elif tag == "a" and self._into is not None and own.get("href", "").startswith("#line-"):
            self._into[1].append(own["href"][1:])
        elif tag == "li" and own.get("id", "").startswith("line-"):
            self._line = own["id"]
            self.lines[self._line] = ["", ""]

    def handle_endtag(self, tag):
        if self._stack and self._stack[-1] == tag:
            self._stack.pop()
        if tag in {"p", "h3"} and self._into is not None:
            self.paragraphs.append(self._into)
            self._into = None
        if tag == "li":
            self._line = None

    def handle_data(self, data):
        if self._into is not None:
            self._into[0] += data
        if self._line is not None and self._stack[-1] in {"span", "code"}:
            self.lines[self._line][self._stack[-1] == "code"] += data


def _in_html(text, sentences, cited):
    page = _Page()
    page.feed(text)
    paragraphs = [(_bare(said), links) for said, links in page.paragraphs]
    for sentence in sentences:
        bare = _bare(sentence)
        found = [links for said, links in paragraphs if said.startswith(f"{bare}[")]
        # A title that is all there is to tell has its references in the paragraph below.
        found += [
            below for (said, _), (_, below) in pairwise(paragraphs)
            if said.startswith(bare) and below
        ]  # fmt: skip
        if not any(found):
            yield f"html: nothing is cited: {sentence}"
        for links in found:
            yield from (f"html: {link} is nowhere: {sentence}" for link in links if link not in page.lines)
    for reference, shown in page.lines.values():
        known = [t for (f, n), t in cited.items() if safe(f"{f}:{n}").endswith(reference)]
        clipped = _CLIPPED.fullmatch(shown)
        if known and not any(safe(t) == shown or (clipped and safe(t).startswith(clipped[1])) for t in known):
            yield f"html: {reference} has other words"


def main():
    failed = total = 0
    for folder in sys.argv[1:]:
        for case in sorted(Path(folder).iterdir()):
            try:
                said, count = wrong(case)
            except NothingReadable:
                continue
            total += count
            failed += bool(said)
            click.echo("\n  ".join([f"{case.name}: {count} sentences, {len(said)} wrong", *said]))
    click.echo(f"{total} sentences; {failed} cases fail")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
