"""`--compare`: what differs from the boot or the day before."""

import datetime as dt
import json
import re
from importlib import resources

import jsonschema  # type: ignore[import-untyped]
import pytest
from click.testing import CliRunner

from logsleuth.cli import main
from logsleuth.incidents import compare
from logsleuth.incidents.compare import SHOWN, counts
from logsleuth.pipeline import explain
from logsleuth.render.saved import read

START = dt.datetime(2024, 3, 3, tzinfo=dt.UTC)
DAY = 24 * 60
BANNER = "kernel: Linux version {} (build@lists.example) (gcc 12.2.0) #1 SMP PREEMPT_DYNAMIC"
SERVICES = (
    "kernel: Command line: BOOT_IMAGE=/vmlinuz root=/dev/sda1 ro quiet",
    "kernel: EXT4-fs (sda1): mounted filesystem with ordered data mode",
    "smartd[301]: smartd version 7.3 is monitoring the attached devices",
    "ntpd[302]: Listening on routing socket for interface updates",
    "sshd[303]: Server listening on 0.0.0.0 port 22.",
    "cron[304]: (CRON) INFO (Running reboot jobs)",
)
STOP = "systemd-shutdown[1]: Syncing filesystems and block devices."
BARREL = "stockd[77]: barrel inventory refreshed from the warehouse"
FRESH = "stockd[77]: carousel jammed between shelves"
HOSTILE = "stockd[77]: carousel \x1b[31mjammed `x` <script>alert(1)</script> | \u202egnol between shelves"


def line(minutes, text, host="gate"):
    when = START + dt.timedelta(minutes=minutes)
    return f"{when:%b} {when.day:2} {when:%H:%M:%S} {host} {text}\n"


def boot(minutes, kernel="6.1.0-17-amd64", without=()):
    """A boot's lines, those of some services left out."""
    texts = [BANNER.format(kernel), *(s for s in SERVICES if not s.startswith(tuple(without)))]
    return [line(minutes + n / 60, text) for n, text in enumerate(texts)]


def work(start, end, step=10, text="cron[{0}]: (root) CMD (run-parts /etc/cron.hourly)"):
    return [line(n, text.format(n)) for n in range(start, end, step)]


def ordered(*parts):
    return sorted((x for part in parts for x in part), key=lambda x: x[:15])


def two_boots(*after, **how):
    """Two days up, a reboot in order, and most of a day up."""
    return [
        *boot(0),
        *ordered(work(20, 2 * DAY - 30)),
        line(2 * DAY - 2, STOP),
        *boot(2 * DAY, **how),
        *ordered(work(2 * DAY + 20, 3 * DAY - 60), *after),
    ]


@pytest.fixture
def folder(tmp_path):
    def make(**files):
        logs = tmp_path / "var/log"
        logs.mkdir(parents=True)
        for name, lines in files.items():
            (logs / name).write_text("".join(lines))
        return tmp_path

    return make


@pytest.fixture
def told(folder):
    def tell(lines, by="boot", others=None, **window):
        path = folder(messages=lines, **(others or {}))
        (one,) = explain([str(path)], tz="UTC", year=2024, compare=by, **window).compared
        return one

    return tell


def of(one, sort):
    return [(d.program, d.pattern) for d in one.differences if d.sort == sort]


def test_equal_boots_differ_in_nothing(told):
    one = told(two_boots())
    assert (one.by, one.why_not, one.differences, one.uncompared) == ("boot", "", (), ())
    assert one.before.latest < one.after.earliest


def test_a_service_that_the_last_boot_did_not_start(told):
    one = told(two_boots(without=["smartd"]))
    (found,) = one.differences
    assert (found.sort, found.program, found.counts, found.at_boot) == ("silent", "smartd", (1, 0), True)
    assert [x.line for x in found.lines] == [4]
    assert "smartd version" in found.lines[0].text


@pytest.mark.parametrize(("age", "missing"), [(1.5, False), (8, True)])
def test_what_a_young_boot_has_not_come_to_is_not_missing(told, age, missing):
    slow = line(2.5, "nscd[44]: monitoring the file of hosts for changes")
    young = [*boot(DAY), line(DAY + age, "cron[304]: (root) CMD (true)")]
    one = told([*boot(0), slow, *work(20, DAY - 20), line(DAY - 2, STOP), *young])
    assert (("nscd", "") in of(one, "silent")) is missing


def test_a_kernel_of_another_version(told):
    one = told(two_boots(kernel="6.1.0-18-amd64"))
    (found,) = one.differences
    assert (found.sort, found.former, found.pattern) == (
        "version", "Linux version 6.1.0-17-amd64", "Linux version 6.1.0-18-amd64",
    )  # fmt: skip
    assert ["6.1.0-17" in found.lines[0].text, "6.1.0-18" in found.lines[1].text] == [True, True]


def test_a_program_of_another_version(told):
    newer = [x.replace("smartd version 7.3", "smartd version 7.4") for x in boot(2 * DAY)]
    lines = two_boots()
    begin = next(n for n, x in enumerate(lines) if BANNER[:20] in x and n > 5)
    one = told([*lines[:begin], *newer, *lines[begin + len(newer) :]])
    assert [(d.sort, d.program, d.former, d.pattern) for d in one.differences] == [("version", "smartd", "7.3", "7.4")]


def test_new_kinds_of_lines_with_the_first_cited_and_trouble_first(told):
    fresh = [line(2 * DAY + 100, FRESH), line(2 * DAY + 200, FRESH)]
    failed = [line(2 * DAY + 300, "stockd[77]: cannot reach the tally clerk: timed out")]
    one = told(two_boots(fresh, failed))
    assert of(one, "new") == [
        ("stockd", "cannot reach the tally clerk: timed out"),
        ("stockd", "carousel jammed between shelves"),
    ]
    found = one.differences[1]
    assert (found.counts, len(found.lines), found.severity) == ((0, 2), 2, "notice")
    assert [d.severity for d in one.differences] == ["error", "notice"]


def test_other_names_and_numbers_make_no_new_kind(told):
    text = "sshd[{0}]: Accepted publickey for {1} from 192.0.2.{2} port {0} ssh2"
    before = [line(n, text.format(n, "rika", n % 200)) for n in range(100, 2000, 300)]
    after = [line(2 * DAY + n, text.format(n, "anna", n % 99)) for n in range(100, 900, 300)]
    lines = two_boots(after)
    lines[7:7] = before
    one = told([*lines[:7], *sorted(lines[7:], key=lambda x: x[:15])])
    assert one.differences == ()


def test_what_stood_before_both_times_is_said(told):
    lines = [*work(0, 3 * DAY), line(3 * DAY - 100, FRESH)]
    lines = ordered([line(200, FRESH)], lines)
    one = told(lines, "day")
    assert [(d.pattern, d.earlier) for d in one.differences] == [("carousel jammed between shelves", True)]


def test_a_program_that_wrote_all_the_time_and_stopped(told):
    steady = work(10, 2 * DAY, 20, BARREL)
    one = told(ordered(work(0, 3 * DAY), steady), "day")
    (found,) = one.differences
    assert (found.sort, found.program, found.counts, found.at_boot) == ("silent", "stockd", (72, 0), False)
    assert len(found.lines) == 2


def test_a_kind_that_came_all_the_time_and_stopped(told):
    steady = work(10, 2 * DAY, 20, BARREL)
    other = work(10, 3 * DAY, 30, "stockd[77]: counted the pallets of the yard")
    one = told(ordered(work(0, 3 * DAY), steady, other), "day")
    assert of(one, "gone") == [("stockd", "barrel inventory refreshed from the warehouse")]


def test_what_came_now_and_then_is_not_missing(told):
    rare = [line(DAY + 300, BARREL), line(DAY + 900, BARREL)]
    one = told(ordered(work(0, 3 * DAY), rare), "day")
    assert one.differences == ()


def test_a_rate_that_rose_and_one_that_fell(told):
    rose = [*work(3, 2 * DAY, 120, BARREL), *work(2 * DAY, 3 * DAY, 10, BARREL)]
    fell = [*work(3, 2 * DAY, 15, FRESH), *work(2 * DAY, 3 * DAY, 240, FRESH)]
    one = told(ordered(work(0, 3 * DAY), rose, fell), "day")
    rates = {d.pattern: d for d in one.differences if d.sort == "rate"}
    assert set(rates) == {"barrel inventory refreshed from the warehouse", "carousel jammed between shelves"}
    risen = rates["barrel inventory refreshed from the warehouse"]
    assert risen.counts == (12, 144)
    assert [round(n * 3600e9 / length, 1) for n, length in zip(risen.counts, risen.lengths, strict=True)] == [0.5, 6.0]
    assert [x.text[:6] for x in risen.lines] == ["Mar  4", "Mar  5"]


def test_chance_and_bursts_of_old_are_no_change(told):
    bursts = [line(DAY + 60 * h + n / 4, BARREL) for h in (2, 9, 15) for n in range(40)]
    later = [line(2 * DAY + 60 * h + n / 4, BARREL) for h in (1, 4, 8, 11, 16, 20, 22) for n in range(40)]
    drift = [*work(DAY + 5, 2 * DAY, 100, FRESH), *work(2 * DAY + 5, 3 * DAY, 70, FRESH)]
    one = told(ordered(work(0, 3 * DAY), bursts, later, drift), "day")
    assert one.differences == ()


def test_a_log_that_was_rotated_away_is_said_not_called_new(told):
    late = work(2 * DAY + 5, 3 * DAY, 7, BARREL)
    one = told(two_boots(), others={"stock.log": late})
    assert one.differences == ()
    (short,) = one.uncompared
    assert short.file.endswith("stock.log")
    assert short.first > one.before.latest


def test_lines_that_moved_to_a_log_that_begins_late_are_not_missing(told):
    early, late = work(10, 2 * DAY, 20, BARREL), work(2 * DAY + 5, 3 * DAY, 20, BARREL)
    one = told(ordered(work(0, 3 * DAY), early), "day", others={"stock.log": late})
    assert one.differences == ()
    assert len(one.uncompared) == 1


def test_a_log_that_ends_is_said_and_its_lines_are_neither_gone_nor_new_elsewhere(told):
    both = [
        *work(10, 2 * DAY - 40, 20, BARREL),
        *work(15, 2 * DAY - 40, 20, "yardd[78]: counted the pallets of the yard"),
    ]
    later = work(2 * DAY + 5, 3 * DAY, 20, BARREL)
    one = told(ordered(work(0, 3 * DAY), later), "day", others={"stock.log": ordered(both)})
    assert one.differences == ()
    (ended,) = one.uncompared
    assert ended.last < one.after.earliest


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('192.0.2.7 - - [03/Mar/2024:10:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "-"\n' * 40, "requests"),
        ("nothing here has a time\nand nothing there\n" * 40, "undated"),
    ],
)
def test_logs_of_which_nothing_can_be_compared(tmp_path, text, why):
    (tmp_path / "a.log").write_text(text)
    assert [c.why_not for c in explain([str(tmp_path)], tz="UTC", compare="day").compared] == [why]


def test_hosts_beyond_a_limit_are_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(compare, "MOST_HOSTS", 1)
    for host in ("gate", "mill"):
        (tmp_path / host / "var/log").mkdir(parents=True)
        lines = [x.replace(" gate ", f" {host} ") for x in work(0, 2 * DAY)]
        (tmp_path / host / "var/log/messages").write_text("".join(lines))
    report = explain([str(tmp_path)], tz="UTC", year=2024, compare="day")
    assert len(report.compared) == 1
    assert "of the hosts, 1 more were not compared" in report.notes


def test_one_boot_alone(told):
    one = told([*boot(0), *work(20, DAY)])
    assert (one.why_not, one.differences) == ("one_boot", ())


@pytest.mark.parametrize(("by", "why"), [("boot", "no_boot"), ("day", "no_earlier"), ("2024-03-03 09:00", "overlap")])
def test_nothing_to_compare_with(told, by, why):
    assert told(work(0, 600), by).why_not == why


def test_the_first_boot_has_none_before(told):
    assert told(two_boots(), until="2024-03-03T12:00").why_not == "first_boot"


def test_a_boot_in_one_of_two_days_alone_is_left_out(told):
    one = told([*work(0, DAY + 300), *boot(DAY + 301), *work(DAY + 302, 2 * DAY)], "day")
    assert one.differences == ()
    assert one.notes == ("boots",)


def test_a_window_asked_for_is_compared_with_the_same_hours_before(told):
    one = told(
        ordered(work(0, 3 * DAY), [line(2 * DAY + 130, FRESH)]),
        "auto",
        since="2024-03-05T02:00",
        until="2024-03-05T04:00",
    )
    assert one.by == "day"
    assert one.after.earliest - one.before.earliest == 24 * 3600 * 10**9
    assert one.why_not == "few"


@pytest.mark.parametrize(
    ("by", "first", "last"),
    [
        ("2024-03-03", "03T00:00:00", "03T23:59:59"),
        ("2024-03-03 10:00..2024-03-03 20:00", "03T10:00:00", "03T20:00:00"),
        ("2024-03-03 10:00", "03T10:00:00", "04T10:00:00"),
    ],
)
def test_an_earlier_window(told, by, first, last):
    one = told(ordered(work(0, 4 * DAY), [line(4 * DAY - 9, FRESH)]), by)
    shown = [
        str(dt.datetime.fromtimestamp(t // 10**9, dt.UTC).isoformat())[8:19]
        for t in (one.before.earliest, one.before.latest)
    ]
    assert [one.by, shown[0]] == ["window", first]
    assert (
        abs(dt.datetime.fromisoformat(f"2024-03-{shown[1]}") - dt.datetime.fromisoformat(f"2024-03-{last}")).seconds
        < 600
    )
    assert of(one, "new") == [("stockd", "carousel jammed between shelves")]


def test_an_incident_after_a_boot_is_compared_by_boots(told):
    disk = [line(2 * DAY + 60 + n, "kernel: blk_update_request: I/O error, dev sda, sector 12345") for n in range(3)]
    assert told(two_boots(disk), "auto").by == "boot"


def test_long_after_the_boot_an_incident_is_compared_by_its_day(told):
    disk = [line(4 * DAY + 700 + n, "kernel: blk_update_request: I/O error, dev sda, sector 12345") for n in range(3)]
    one = told([*two_boots(), *ordered(work(3 * DAY, 5 * DAY), disk)], "auto")
    assert one.by == "day"
    assert dt.datetime.fromtimestamp(one.after.earliest // 10**9, dt.UTC).isoformat()[:19] == "2024-03-07T00:00:00"
    assert [p for p, _ in of(one, "new")] == ["kernel"]


def test_packages_changed_between_two_boots(told):
    changed = ("upgrade smartmontools:amd64 7.3-1 7.4-1", "status installed smartmontools:amd64 7.4-1")
    one = told(two_boots(), others={"dpkg.log": [f"2024-03-04 12:00:0{n} {text}\n" for n, text in enumerate(changed)]})
    assert [(d.sort, d.program, d.pattern) for d in one.differences] == [("package", "dpkg", changed[0])]


def test_the_list_is_bounded_and_the_rest_counted(told):
    letters = "ijklmnopqr"
    many = [
        line(2 * DAY + 99, f"app[7]: {a * 9} {b * 9} {a * 3}{b * 7} stuck") for a in letters[:8] for b in letters[:8]
    ]
    one = told(two_boots(many))
    assert len(of(one, "new")) == SHOWN
    assert sum(one.left_out) == len(many) - SHOWN


def test_more_kinds_than_are_told_apart_are_neither_all_new_nor_gone(told, monkeypatch):
    monkeypatch.setattr(counts, "MOST_KINDS", 20)
    letters = "ijklmnopqr"
    texts = [f"app[7]: {a * 9} {b * 9} {a * 3}{b * 7} stuck" for a in letters[:6] for b in letters[:6]]
    both = [line(day * DAY + 99, text) for day in (1, 2) for text in texts]
    one = told(ordered(work(0, 3 * DAY), both, [line(2 * DAY + 98, FRESH)]), "day")
    assert of(one, "new") == [("stockd", "carousel jammed between shelves")]
    assert (of(one, "gone"), one.notes) == ([], ("crowded",))


def test_a_busy_log_is_compared_in_part_and_that_is_said(told, monkeypatch):
    monkeypatch.setattr(compare, "MOST_LINES", 50)
    one = told(ordered(work(0, 3 * DAY), [line(3 * DAY - 100, FRESH)]), "day")
    assert one.notes == ("cut",)
    hours = [(b.latest - b.earliest) / 3600e9 for b in (one.before, one.after)]
    assert hours[0] == pytest.approx(hours[1]) == pytest.approx(50 / 6, rel=0.1)
    assert of(one, "new") == [("stockd", "carousel jammed between shelves")]


def test_nothing_is_compared_unless_asked(folder):
    assert explain([str(folder(messages=two_boots()))], tz="UTC", year=2024).compared == ()


def run(*args):
    return CliRunner().invoke(main, [str(a) for a in args])


FORMS = ("text", "markdown", "html", "github", "json")
CASES = {
    "much": two_boots([line(2 * DAY + 100, FRESH)], kernel="6.1.0-18-amd64", without=["ntpd"]),
    "nothing": two_boots(),
    "alone": [*boot(0), *work(20, 600)],
    "hostile": two_boots([line(2 * DAY + 100, HOSTILE)]),
}


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A report as JSON for each of CASES."""
    out = {}
    for name, lines in CASES.items():
        folder = tmp_path_factory.mktemp(name)
        (folder / "messages").write_text("".join(lines))
        out[name] = folder / "r.json"
        told = ("--compare", "boot", "--tz", "UTC", "--year", 2024)
        assert run("explain", folder, *told, "--format", "json", "-o", out[name]).exit_code == 0
    return out


@pytest.mark.parametrize("form", FORMS)
def test_every_form_tells_it(saved, form):
    plain = re.sub(r"<[^>]+>|[`\\]", "", run("show", saved["much"], "--format", form).output)
    for said in (
        "Linux version 6.1.0-18-amd64, before Linux version 6.1.0-17-amd64",
        "ntpd (1 line at the boot before, none at this one)",
        "carousel jammed between shelves (1 line)",
    ):
        assert said in plain
    if form != "json":
        assert "messages:5" in plain


@pytest.mark.parametrize("form", FORMS[:-1])
def test_nothing_that_differs_and_nothing_to_compare_with_are_said(saved, form):
    assert "Nothing differs beyond chance" in run("show", saved["nothing"], "--format", form).output
    alone = run("show", saved["alone"], "--format", form).output
    assert "nothing to compare with: its logs show one boot only" in " ".join(alone.split())


@pytest.mark.parametrize("form", FORMS)
def test_hostile_lines_stay_harmless(saved, form):
    out = run("show", saved["hostile"], "--format", form).output
    assert "jammed" in out
    assert not {"\x1b", "\u202e"} & set(out)
    if form in {"html", "markdown", "github"}:
        assert "<script>alert" not in re.sub(r"`+[^`]*`+", "", out)


@pytest.mark.parametrize("case", CASES)
def test_the_schema_describes_it(saved, case):
    schema = json.loads(resources.files("logsleuth.render").joinpath("report.schema.json").read_text())
    jsonschema.validate(json.loads(saved[case].read_text()), schema)


def test_a_saved_report_keeps_it(saved, tmp_path):
    told = read(saved["much"].read_text())
    again = explain([str(saved["much"].parent / "messages")], tz="UTC", year=2024, compare="boot")
    assert told.compared == again.compared
    older = json.loads(saved["much"].read_text())
    del older["compared"]
    (tmp_path / "r.json").write_text(json.dumps(older))
    assert "What changed" not in run("show", tmp_path / "r.json").output


def test_a_path_behind_the_option_is_a_path(folder):
    path = folder(messages=two_boots())
    for order in (("--compare", path), (path, "--compare")):
        out = run("explain", *order, "--tz", "UTC", "--year", 2024).output
        assert "Nothing differs beyond chance" in out


@pytest.mark.parametrize("word", ["nonsense", "..2024-03-03", "2024-03-05..2024-03-03"])
def test_what_is_no_window_is_refused(folder, word):
    done = run("explain", folder(messages=two_boots()), f"--compare={word}")
    assert (done.exit_code, "Traceback" in done.output) == (2, False)


def test_names_are_redacted(saved, folder):
    text = "stockd[77]: refused the offer of trader.example.com from 192.0.2.77 for user wilma"
    path = folder(messages=two_boots([line(2 * DAY + 100, text)]))
    out = run("explain", path, "--compare", "boot", "--redact", "--tz", "UTC", "--year", 2024).output
    assert "refused the offer" in out
    assert not re.search(r"trader\.example|192\.0\.2\.77|\bgate\b", out)
