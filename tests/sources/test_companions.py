"""Files beside the logs, found in the tree that is looked at and nowhere else."""

import os
from pathlib import Path

import pytest

from logsleuth.sources import Companion, companion, find

LINE = b"Dec 17 10:49:08 fry kernel: da0: link down\n"


@pytest.fixture
def log(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("gate/var/log").mkdir(parents=True)
    Path("gate/etc").mkdir()
    Path("gate/var/log/messages").write_bytes(LINE)
    (source,) = find(["gate"])[0]
    return source


def test_a_file(log):
    Path("gate/etc/timezone").write_bytes(b"Asia/Tokyo\n")
    assert companion(log, "gate", "etc/timezone") == (b"Asia/Tokyo\n", "")
    assert companion(log, "gate", "etc/hostname") is None
    assert companion(log, "nowhere", "etc/timezone") is None


def test_a_folder_is_no_companion(log):
    assert companion(log, "gate", "etc") is None


@pytest.mark.parametrize("link", ["../usr/zone", "/usr/zone"])
def test_a_link_is_followed_inside_the_tree_and_told(log, link):
    Path("gate/etc/localtime").symlink_to(link)
    assert companion(log, "gate", "etc/localtime") == Companion(b"", link)
    Path("gate/usr").mkdir()
    Path("gate/usr/zone").write_bytes(b"TZif2")
    assert companion(log, "gate", "etc/localtime") == Companion(b"TZif2", link)


@pytest.mark.parametrize("link", ["../../secret", "../../../../../../../../etc/passwd", "localtime"])
def test_a_link_out_of_the_tree_is_not_followed(log, link):
    Path("secret").write_bytes(b"x")
    Path("gate/etc/localtime").symlink_to(link)
    assert companion(log, "gate", "etc/localtime") == Companion(b"", link)


def test_a_linked_folder_leads_out_no_more(log):
    Path("other").mkdir()
    Path("other/date").write_bytes(b"x")
    Path("gate/sos").symlink_to("../other")
    assert companion(log, "gate", "sos/date") is None


def test_a_pipe_does_not_block(log):
    os.mkfifo("gate/date")
    assert companion(log, "gate", "date") is None
