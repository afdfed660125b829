"""Stamps of journalctl in other languages: their months, years, boots, and names that two languages share."""

# ruff: noqa: RUF001 - other alphabets than this one

import datetime as dt
import locale
import os

import pytest

from logsleuth import pipeline
from logsleuth.clock.logs import Settings
from logsleuth.formats import months
from logsleuth.formats.day_first import doubt
from logsleuth.formats.local_syslog import CROATIAN, LOCAL
from logsleuth.formats.split import recognize
from tests.formats.test_samples import parts

ENGLISH = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
NOW = int(dt.datetime(2024, 6, 20, tzinfo=dt.UTC).timestamp()) * 10**9
GLIBC = {
    "de_DE": "Jan Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez",
    "de_AT": "Jän Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez",
    "fr_FR": "janv. févr. mars avril mai juin juil. août sept. oct. nov. déc.",
    "fr_CA": "jan fév mar avr mai jun jui aoû sep oct nov déc",
    "es_ES": "ene feb mar abr may jun jul ago sep oct nov dic",
    "it_IT": "gen feb mar apr mag giu lug ago set ott nov dic",
    "pt_BR": "jan fev mar abr mai jun jul ago set out nov dez",
    "nl_NL": "jan feb mrt apr mei jun jul aug sep okt nov dec",
    "pl_PL": "sty lut mar kwi maj cze lip sie wrz paź lis gru",
    "cs_CZ": "led úno bře dub kvě čen čec srp zář říj lis pro",
    "sk_SK": "jan feb mar apr máj jún júl aug sep okt nov dec",
    "sv_SE": "jan feb mar apr maj jun jul aug sep okt nov dec",
    "nb_NO": "jan. feb. mars april mai juni juli aug. sep. okt. nov. des.",
    "fi_FI": "tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu",
    "hu_HU": "jan febr márc ápr máj jún júl aug szept okt nov dec",
    "ro_RO": "ian feb mar apr mai iun iul aug sep oct nov dec",
    "hr_HR": "sij velj ožu tra svi lip srp kol ruj lis stu pro",
    "sl_SI": "jan feb mar apr maj jun jul avg sep okt nov dec",
    "sr_RS": "јан феб мар апр мај јун јул авг сеп окт нов дец",
    "tr_TR": "Oca Şub Mar Nis May Haz Tem Ağu Eyl Eki Kas Ara",
    "ru_RU": "янв фев мар апр мая июн июл авг сен окт ноя дек",
    "uk_UA": "січ лют бер кві тра чер лип сер вер жов лис гру",
    "be_BY": "сту лют сак кра мая чэр ліп жні вер кас ліс сне",
    "bg_BG": "яну фев мар апр май юни юли авг сеп окт ное дек",
    "el_GR": "Ιαν Φεβ Μαρ Απρ Μαΐ Ιουν Ιουλ Αυγ Σεπ Οκτ Νοε Δεκ",
    "zh_CN": "1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月",
    "et_EE": "jaan veebr märts apr mai juuni juuli aug sept okt nov dets",
    "lv_LV": "jan feb mar apr mai jūn jūl aug sep okt nov dec",
    "lt_LT": "saus. vas. kov. bal. geg. birž. liep. rugp. rugs. spal. lapkr. gruod.",
    "is_IS": "jan feb mar apr maí jún júl ágú sep okt nóv des",
    "id_ID": "Jan Feb Mar Apr Mei Jun Jul Agu Sep Okt Nov Des",
}
PADDED = {
    "ja_JP": [f"{n:2}月" for n in range(1, 13)],
    "ko_KR": [f"{n:2}월" for n in range(1, 13)],
    "et_EE, old": ["jaan ", "veebr", "märts", "apr  ", "mai  ", "juuni", "juuli", "aug  ", "sept ", "okt  "],
    "ca_ES": [
        "de gen.",
        "de febr.",
        "de març",
        "d’abr.",
        "de maig",
        "de juny",
        "de jul.",
        "d’ag.",
        "de set.",
        "d’oct.",
        "de nov.",
        "de des.",
    ],
    "vi_VN": [f"Thg {n}" for n in range(1, 13)],
}
ALL = {name: words.split() for name, words in GLIBC.items()} | PADDED


def line(stamp, text="systemd[1]: Started cron.service."):
    return f"{stamp} gate {text}\n"


@pytest.mark.parametrize("name", ALL)
def test_every_month_of_a_locale_is_read_alone_and_among_the_others(name):
    words = ALL[name]
    stamps = [f"{word} {n:02} 10:00:{n:02}" for n, word in enumerate(words, 1)]
    whole = "".join(map(line, stamps)).encode()
    form, _ = recognize(whole)
    for n, stamp in enumerate(stamps, 1):
        got = parts(line(stamp).encode(), form)
        assert (got.wall, got.host, got.program, got.pid) == (f"2000-{n:02}-{n:02}T10:00:{n:02}", "gate", "systemd", 1)
        assert got.text == "Started cron.service."


@pytest.mark.parametrize("word", ENGLISH)
def test_english_names_are_bsd_syslogs(word):
    content = (line(f"{word} 01 10:00:00") + "  goes on\nnoise: 10:00:00\n") * 5
    assert recognize(content.encode())[0].name == "bsd-syslog"
    assert months.month_of(word.encode()) is None


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("MÄR", 3), ("mär.", 3), ("März", 3), ("Juni", 6), ("febr.", 2), ("Marzipan", None),
        ("d'abr.", 4), ("host", None), ("", None), ("13月", None), ("0月", None),
    ],
)  # fmt: skip
def test_case_and_a_dot_do_not_matter(text, month):
    assert months.month_of(text.encode()) == month


def test_the_encodings_of_old_locales_are_read():
    assert parts(line("Mär 01 10:00:00").encode("iso-8859-1")).wall == "2000-03-01T10:00:00"
    assert parts(line("paź 01 10:00:00").encode("iso-8859-2")).wall == "2000-10-01T10:00:00"


@pytest.mark.parametrize(
    "text",
    [
        "mar 04 10:00:00 nightly copy goes on\n",
        "mai 04 10:00 gate systemd[1]: x\n",
        "mai 32 10:00:00 gate systemd[1]: x\n",
        "maison 04 10:00:00 gate systemd[1]: x\n",
        "mai 04 25:00:00 gate systemd[1]: x\n",
        "mai04 10:00:00 gate systemd[1]: x\n",
        "mai 04 10:00:00\n",
        "le 4 mai 10:00:00 gate systemd[1]: x\n",
    ],
)
def test_what_only_looks_alike_is_none(text):
    assert recognize(text.encode() * 3)[0] not in {LOCAL, CROATIAN}


def opened(folder, stamps, changed=NOW):
    path = folder / "journal.txt"
    path.write_text("".join(map(line, stamps)))
    os.utime(path, ns=(changed, changed))
    logs = pipeline.open_paths([str(path)], Settings(dt.UTC, "UTC (--tz)", NOW, zone_given=True))
    form = logs.opened.logs[0].format
    return form, [a.text for a in logs.opened.assumptions if a.text == doubt(LOCAL)]


def at(year, month, day, hour=0, minute=0, second=0):
    return int(dt.datetime(year, month, day, hour, minute, second, tzinfo=dt.UTC).timestamp()) * 10**9


@pytest.mark.parametrize(
    ("stamps", "changed", "expected"),
    [
        # Another month that only one of the languages has.
        (["lip 30 10:00:00", "kol 01 10:00:00"], NOW, CROATIAN),
        (["ruj 30 10:00:00", "lis 01 10:00:00"], NOW, CROATIAN),
        (["lip 30 10:00:00", "sie 01 10:00:00"], NOW, LOCAL),
        (["říj 30 10:00:00", "lis 01 10:00:00"], NOW, LOCAL),
        (["srp 30 10:00:00", "zář 01 10:00:00"], NOW, LOCAL),
        # Two months that are one language's only there.
        (["lip 30 10:00:00", "srp 01 10:00:00"], NOW, CROATIAN),
        # The day on which the file was changed last.
        (["lip 19 10:00:00"], at(2024, 6, 19, 12), CROATIAN),
        (["lip 19 10:00:00"], at(2023, 7, 19, 12), LOCAL),
        (["lis 02 10:00:00"], at(2022, 11, 2, 12), LOCAL),
        (["lis 02 10:00:00"], at(2022, 10, 2, 12), CROATIAN),
        # A month that is the same in both, and one of another language's.
        (["pro 24 10:00:00"], NOW, LOCAL),
        (["mai 24 10:00:00"], NOW, LOCAL),
    ],
)
def test_which_language_it_is_the_file_tells(tmp_path, stamps, changed, expected):
    assert opened(tmp_path, stamps, changed) == (expected, [])


@pytest.mark.parametrize("word", ["lip", "srp", "lis"])
def test_what_nothing_tells_is_said(tmp_path, word):
    assert opened(tmp_path, [f"{word} 05 10:00:00"]) == (LOCAL, [doubt(LOCAL)])


def told(folder, text, **options):
    path = folder / "status.log"
    path.write_text(text)
    frame = pipeline.timeline(str(path), tz="UTC", year=2021, **options)
    times = frame["time"].dt.strftime("%m-%d %H:%M").fillna("").tolist()
    return list(zip(times, frame["message"].tolist(), strict=True))


STATUS = """\
● nginx.service - A high performance web server
     Loaded: loaded (/lib/systemd/system/nginx.service; enabled)
     Active: failed (Result: exit-code) since Mon 2021-03-01 13:08:05 CET; 5s ago
    Process: 812 ExecStart=/usr/sbin/nginx (code=exited, status=1/FAILURE)

Mär 01 13:08:04 gate nginx[812]: bind() to 0.0.0.0:80 failed (98: Address already in use)
Mär 01 13:08:05 gate systemd[1]: Failed to start A high performance web server.
"""


def test_what_stands_above_the_lines_is_kept_at_an_unknown_time(tmp_path):
    rows = told(tmp_path, STATUS)
    assert [time for time, _ in rows] == ["", "03-01 13:08", "03-01 13:08"]
    assert "nginx.service" in rows[0][1]
    assert "Address already in use" in rows[1][1]


@pytest.mark.parametrize("heading", ["-- Logs begin at Mon 2021-03-01 13:00:00 CET. --", "-- Protokolle beginnen --"])
def test_a_heading_is_kept(tmp_path, heading):
    rows = told(tmp_path, heading + "\n" + line("Mär 01 13:08:04") + line("Apr 02 13:08:04"))
    assert rows[0] == ("", heading)
    assert [time for time, _ in rows[1:]] == ["03-01 13:08", "04-02 13:08"]


def test_reboots_and_new_years_are_told_as_of_any_journal(tmp_path):
    (tmp_path / "unit.log").write_text(
        line("Dez 30 10:00:00") + line("Dez 31 10:00:00") + "-- Reboot --\n" + line("Jän 02 10:00:00")
    )
    lives, _ = pipeline.boots(str(tmp_path), tz="UTC", year=2022)
    assert [life.first.text for life in lives[1:]] == ["-- Reboot --"]
    rows = pipeline.timeline(str(tmp_path / "unit.log"), tz="UTC", year=2022)
    assert [f"{time:%Y-%m-%d}" for time in rows.time] == ["2021-12-30", "2021-12-31", "2022-01-02"]


@pytest.mark.parametrize("name", GLIBC)
def test_the_names_are_those_of_this_machines_locale(name):
    before = locale.setlocale(locale.LC_TIME)
    try:
        locale.setlocale(locale.LC_TIME, f"{name}.UTF-8")
        words = [dt.date(2000, n, 1).strftime("%b") for n in range(1, 13)]
    except locale.Error:
        pytest.skip("not installed")
    finally:
        locale.setlocale(locale.LC_TIME, before)
    language = months.CROATIAN if name == "hr_HR" else ""
    for n, word in enumerate(words, 1):
        assert word in ENGLISH or months.month_of(word.encode(), language) == n


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [
        ("Mi Mär  3 10:11:12 2021", "2021-03-03"),
        ("Mi Mär 3 10:11:12 2021", "2021-03-03"),
        ("Wed Mär 3 10:11:12 2021", "2021-03-03"),
        ("mer. mars  3 10:11:12 2021", "2021-03-03"),
        ("mié mar  3 10:11:12 2021", "2021-03-03"),
        ("Çar Mar  3 10:11:12 2021", "2021-03-03"),
        ("Ср мар  3 10:11:12 2021", "2021-03-03"),
        ("水  3月  3 10:11:12 2021", "2021-03-03"),
        ("三 3月  3 10:11:12 2021", "2021-03-03"),
        ("dc. de març  3 10:11:12 2021", "2021-03-03"),
        ("T4 Thg 3  3 10:11:12 2021", "2021-03-03"),
        # The weekday tells which language it is.
        ("śro lip  7 10:11:12 2021", "2021-07-07"),
        ("sri lip  9 10:11:12 2021", "2021-06-09"),
        ("pon lip  5 10:11:12 2021", "2021-07-05"),
        ("pon lip  7 10:11:12 2021", "2021-06-07"),
        ("St srp  4 10:11:12 2021", "2021-08-04"),
        ("uto ruj  7 10:11:12 2021", "2021-09-07"),
        ("čet jan  7 10:11:12 2021", "2021-01-07"),
    ],
)
def test_dmesgs_stamps_are_read(stamp, expected):
    got = parts(f"[{stamp}] usb 1-1: USB disconnect, device number 2\n".encode())
    assert (got.layout, got.wall, got.text) == (
        "kernel-ctime-local", f"{expected}T10:11:12", "usb 1-1: USB disconnect, device number 2"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("[Wed Mar  3 10:11:12 2021] usb 1-1: USB disconnect, device number 2\n", "kernel-ctime"),
        ("[Mi Mär 33 10:11:12 2021] usb 1-1: USB disconnect\n", "plain"),
        ("[Mi Mär  3 10:11:12] usb 1-1: USB disconnect\n", "plain"),
        ("[worker mai 3 10:11:12 2021] jobs are done\n", "plain"),
        ("[541:0] notice at 10:11:12 2021] usb\n", "plain"),
    ],
)
def test_what_only_looks_like_dmesgs_is_none(text, form):
    assert recognize(text.encode() * 3)[0].name == form
