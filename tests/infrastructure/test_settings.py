import re
from pathlib import Path

import pytest

from pynomaly.domain.errors import InvalidRequest
from pynomaly.infrastructure.settings import NAMES, SECRET_NAMES, TABLE, Settings, load_settings


@pytest.fixture(autouse=True)
def user_folders(tmp_path, monkeypatch):
    """Keep the settings of whoever runs the tests out of them."""
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "user"))


def told(settings):
    return {name: origin for name, origin in settings.origins.items() if origin != "default"}


def test_secrets_are_never_shown(tmp_path):
    settings = load_settings({f"PYNOMALY_{name.upper()}": "hush" for name in SECRET_NAMES}, tmp_path)
    assert all(getattr(settings, name) in ("hush", ("hush",)) for name in SECRET_NAMES)
    assert "hush" not in repr(settings)
    assert {settings.in_words(name) for name in SECRET_NAMES} == {"(hidden)"}


def test_lists_are_written_with_commas_or_as_toml_lists(tmp_path):
    (tmp_path / "pynomaly.toml").write_text('allowed_hosts = ["a.example", "b.example"]\n')
    settings = load_settings({"PYNOMALY_TRUSTED_PROXIES": "10.0.0.1, 10.0.0.2"}, tmp_path)
    assert settings.allowed_hosts == ("a.example", "b.example")
    assert settings.trusted_proxies == ("10.0.0.1", "10.0.0.2")


def test_without_any_source_everything_has_its_default(tmp_path):
    settings = load_settings({}, tmp_path)
    assert settings.home.name == "pynomaly"
    assert settings.threads is None
    assert settings.in_words("threads") == "auto"
    assert settings.origins == dict.fromkeys(NAMES, "default")
    assert settings == Settings(settings.home, None, settings.origins)  # the table and the class agree


def test_the_nearer_source_wins_and_is_named(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[tool.pynomaly]\nhome = "from-project"\nthreads = 3\n')
    (tmp_path / "pynomaly.toml").write_text("threads = 4\n")
    settings = load_settings({}, tmp_path)
    assert (settings.home, settings.threads) == (Path("from-project"), 4)
    assert told(settings) == {"home": "pyproject.toml [tool.pynomaly]", "threads": "pynomaly.toml"}
    settings = load_settings({"PYNOMALY_THREADS": "5", "PYNOMALY_HOME": "~/here"}, tmp_path)
    assert (settings.home, settings.threads) == (Path("~/here").expanduser(), 5)
    assert told(settings) == {"home": "PYNOMALY_HOME", "threads": "PYNOMALY_THREADS"}


def test_auto_takes_a_number_of_threads_back(tmp_path):
    (tmp_path / "pynomaly.toml").write_text("threads = 4\n")
    assert load_settings({"PYNOMALY_THREADS": "auto"}, tmp_path).threads is None


@pytest.mark.parametrize("value", ["0", "1025", "-1", "two", "²", "1.5"])
def test_an_impossible_number_of_threads_is_refused_by_its_source(tmp_path, value):
    with pytest.raises(InvalidRequest, match="PYNOMALY_THREADS: threads must be auto or a whole number"):
        load_settings({"PYNOMALY_THREADS": value}, tmp_path)


def test_an_unknown_setting_is_refused_with_the_closest_name(tmp_path):
    (tmp_path / "pynomaly.toml").write_text("thread = 4\n")
    with pytest.raises(InvalidRequest, match=r"pynomaly\.toml: there is no setting 'thread'; did you mean 'threads'"):
        load_settings({}, tmp_path)


@pytest.mark.parametrize("text", ["threads = ", "[tool]\npynomaly = 3\n", "tool = []\n"])
def test_a_file_that_holds_no_settings_is_refused_by_name(tmp_path, text):
    (tmp_path / "pyproject.toml").write_text(text)
    with pytest.raises(InvalidRequest, match=r"pyproject\.toml"):
        load_settings({}, tmp_path)


RANGES = {
    name: tuple(map(int, found.groups()))
    for name, row in TABLE.items()
    if (found := re.search(r"\b(\d+) to (\d+)\b", row.words))
}


def test_every_whole_number_says_its_range():
    assert {name for name, row in TABLE.items() if row.default.isdecimal()} <= RANGES.keys()


@pytest.mark.parametrize("name", RANGES)
def test_the_range_that_a_setting_tells_is_the_one_it_keeps(tmp_path, name):
    low, high = RANGES[name]
    variable = f"PYNOMALY_{name.upper()}"
    assert [getattr(load_settings({variable: str(value)}, tmp_path), name) for value in (low, high)] == [low, high]
    for value in (low - 1, high + 1):
        with pytest.raises(InvalidRequest, match=variable):
            load_settings({variable: str(value)}, tmp_path)
