import pytest

from logsleuth.narrative import log
from logsleuth.render.names import Names, few, names
from logsleuth.report import Evidence


@pytest.mark.parametrize(
    ("files", "folder"),
    [
        ([], ""),
        (["a.log"], ""),
        (["/var/log/a"], "/var/log/"),
        (["/var/log/a", "/var/log/b"], "/var/log/"),
        (["/var/log/a", "/var/lot/b"], "/var/"),
        (["/var/a", "/srv/a"], ""),
        (["x/a", "a"], ""),
        (["x/t.tar!var/log/a", "x/t.tar!var/log/b"], "x/"),
        (["x/y/a", "x/t.tar!var/log/b"], "x/"),
    ],
)
def test_shared_folder(files, folder):
    assert names(files) == Names(folder)


def test_only_the_start_of_a_name_is_cut():
    assert Names("log/").short("log/log/a") == "log/a"
    assert Names("log/").cut([log("log/a"), log("see log/a")]) == [log("a"), log("see log/a")]


def lines(n):
    return [Evidence("a", i, "") for i in range(n)]


@pytest.mark.parametrize(("n", "shown", "more"), [(0, 0, 0), (3, 3, 0), (4, 4, 0), (5, 3, 2), (30, 3, 27)])
def test_few(n, shown, more):
    assert few(lines(n) * 2) == (lines(shown), more)
