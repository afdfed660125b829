"""The user's folders are where platformdirs says, however little of it is asked."""

import platformdirs
import pytest

from logsleuth import home


@pytest.mark.parametrize("named", [None, "/var/tmp/own", "/var/tmp/own/", "", "relative", " /var/tmp/own", "~/own"])
@pytest.mark.parametrize("user", ["/home/kim", "/home/kim/", "/", "", "relative", None])
def test_the_folders_are_those_of_platformdirs(monkeypatch, named, user):
    for name, value in (("XDG_CACHE_HOME", named), ("XDG_CONFIG_HOME", named), ("HOME", user)):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    assert str(home.cache_folder()) == platformdirs.user_cache_dir("logsleuth").rstrip("/")
    assert str(home.own_folders()[0]) == f"{platformdirs.user_config_dir('logsleuth')}/rules.d"
