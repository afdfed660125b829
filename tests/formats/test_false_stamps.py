"""Text that is no log is not taken for one, and no line of a log is lost."""

import numpy as np
import pytest

from logsleuth.formats import FORMATS
from logsleuth.formats.split import decode, lines_of, recognize

TEXTS = {
    "prose": b"In May 2019 we met at 7:08, and on 26/05 again.\nMarch came. 12 days later, at 10:00, nothing.\n",
    "config": b"# written 2019-05-06 07:08:09\nListen 80\nTimeout 300\n[mysqld]\nport=3306\nbind 10.0.0.5\n",
    "crontab": b"5 4 * * * root /usr/bin/true\n30 12 1 * * rika backup --at 10:00:00\n@daily root /x\n",
    "passwd": b"root:*:0:0:Charlie &:/root:/bin/csh\nrika:*:1001:1001:Rika:/home/rika:/bin/sh\n",
    "numbers": b"1557126489\n1557126490\n1557126491\n4155551234,12.5\n",
    "phones": b"4155551234 Rika\n0123456789 Mill\n9155551234 Gate\n",
    "zone": b"$TTL 86400\n@ IN SOA ns. host. (\n 2019050601 ; serial\n 3600 )\ngate IN A 192.0.2.1\n",
    "listing": b"-rw-r--r-- 1 root wheel 12 May  6 07:08 x\ndrwxr-xr-x 2 root wheel 512 May  6  2019 y\n",
    "hex": b"@400000005ccfdb63zz not a label\n@4000000 short\n@ IN NS ns\n",
    "code": b"def f():\n    return [1557126489]\n\nfor i in range(3):\n    print(i)\n",
    "references": b"[1] A. Author, A title, 2019.\n[2] B. Author, Another title, 2020.\n[10] C. Author.\n",
    "markdown": b"# Notes\n\n- [x] done 2019-05-06\n- [ ] open\n\n| a | b |\n|---|---|\n",
    "addresses": b"192.0.2.7 gate\n2001:db8::7 mill\n::1 localhost\n",
    "mail": b"From rika@example.org Mon May  6 07:08:09 2019\nDate: Mon, 06 May 2019 07:08:09 +0200\nSubject: x\n",
    "times": b"10:00:01 up 3 days,  2:03, 1 user\n07:08:09 10.0 11.0\n",
    "versions": b"1.2.3-4 2019\n2.0.0 released\n10.2.1-6 (stable)\n",
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_that_is_no_log_has_no_stamps(name):
    form, share = recognize(TEXTS[name])
    assert share == 0, form.name


def _stamped(form):
    """The stamp stands on the first of a sample's lines."""
    first = lines_of(form.samples[0].split(b"\n")[0])
    return form.stamp.decode(first.buffer, first.view, first.start, first.stop).valid[0]


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_every_line_of_a_log_is_stamped_or_goes_on(form):
    """In a file of all formats' samples and of lines without stamps, whichever format it is read by first."""
    content = b"".join(b"%b\n\tgoes on\n" % other.samples[0].split(b"\n")[0] for other in FORMATS)
    lines = lines_of(content)
    got = decode(lines, form)
    assert len(got.layout) == content.count(b"\n")
    assert (got.layout[1::2] == -1).all()
    # What one format can tell by other lines of its file alone may be read by another, or not at all.
    known = np.array([other.hint is None and bool(other.stamp.first_bytes) and _stamped(other) for other in FORMATS])
    assert (got.layout[::2][known] >= 0).all()


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_colours_before_a_stamp_are_no_part_of_it(form):
    if not form.stamp.first_bytes or form.hint is not None or form.spelling is not None or form.heading:
        pytest.skip("found elsewhere, or never on a terminal")
    plain = b"\n".join(form.samples) + b"\n"
    coloured = b"".join(b"\x1b[1;32m%b\n" % sample for sample in form.samples)
    assert recognize(coloured)[0] is recognize(plain)[0]
    expected, got = decode(lines_of(plain), form), decode(lines_of(coloured), form)
    if len(expected.wall) == len(got.wall):
        assert got.wall.tolist() == expected.wall.tolist()
